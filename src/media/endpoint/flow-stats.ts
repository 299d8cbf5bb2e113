/** What flows now, of one track and of one direction; and how the worker's numbers become these. */
import type { RtpStreamRecvStats, RtpStreamSendStats } from 'mediasoup/types';
import type { Layers } from '../../protocol/index.ts';

/** What is not known (yet) is null. */
export interface Flow {
  /** Bits per second. */
  readonly bitrate: number;
  readonly rttMs: number | null;
  /** The part of the packets that was lost lately, 0 to 1. */
  readonly loss: number | null;
  readonly jitterMs: number | null;
  /** 0 (dead) to 10. */
  readonly score: number | null;
}

export interface TrackFlow extends Flow {
  readonly trackId: string;
  readonly kind: 'audio' | 'video';
  /** The highest that flow; null for a track without layers, or while nothing flows. */
  readonly layers: Layers | null;
}

export interface DirectionStats extends Flow {
  readonly tracks: readonly TrackFlow[];
}

export interface EndpointStats {
  /** From the client to the server. */
  readonly up: DirectionStats;
  readonly down: DirectionStats;
}

type StreamStats = Pick<
  RtpStreamSendStats,
  'bitrate' | 'roundTripTime' | 'fractionLost' | 'jitter' | 'score' | 'packetCount'
>;

/** RTCP counts loss in parts of 256 and jitter in ticks of the RTP clock (RFC 3550, section 6.4.1). */
export function toFlow(streams: readonly StreamStats[], clockRate: number): Flow {
  const flowing = streams.filter(({ packetCount }) => packetCount > 0);
  return summarizeFlows(
    flowing.map((stream) => ({
      bitrate: stream.bitrate,
      rttMs: stream.roundTripTime ? Math.round(stream.roundTripTime) : null,
      loss: stream.fractionLost / 256,
      jitterMs: Math.round((stream.jitter / clockRate) * 1_000),
      score: stream.score,
    })),
    { score: 'best' },
  );
}

/** Bitrates add up; of what hurts, the worst counts. Of the scores the worst too, but of simulcast streams the best. */
function summarizeFlows(flows: readonly Flow[], { score }: { score: 'best' | 'worst' }): Flow {
  const of = (pick: (flow: Flow) => number | null) => flows.map(pick).filter((value) => value !== null);
  const worst = (values: number[]) => (values.length === 0 ? null : Math.max(...values));
  const scores = of((flow) => flow.score);
  const chosen = score === 'best' ? Math.max(...scores) : Math.min(...scores);
  return {
    bitrate: flows.reduce((sum, { bitrate }) => sum + bitrate, 0),
    rttMs: worst(of(({ rttMs }) => rttMs)),
    loss: worst(of(({ loss }) => loss)),
    jitterMs: worst(of(({ jitterMs }) => jitterMs)),
    score: scores.length === 0 ? null : chosen,
  };
}

export function toDirection(tracks: readonly TrackFlow[]): DirectionStats {
  return { ...summarizeFlows(tracks, { score: 'worst' }), tracks };
}

/** The highest layers that arrive: the place of a simulcast stream, or what the codec itself says (SVC). */
export function highestLayers(
  streams: readonly Pick<RtpStreamRecvStats, 'bitrate' | 'bitrateByLayer'>[],
): Layers | null {
  const arriving = streams.flatMap(({ bitrate, bitrateByLayer }, place) =>
    bitrate === 0 ? [] : [{ place, inside: flowingLayers(bitrateByLayer) }],
  );
  const top = arriving.at(-1);
  if (!top || (streams.length === 1 && top.inside.length === 0)) return null;
  const spatialLayer = streams.length > 1 ? top.place : Math.max(...top.inside.map(([spatial]) => spatial));
  const temporal = top.inside.map(([, layer]) => layer);
  return { spatialLayer, ...(temporal.length === 0 ? {} : { temporalLayer: Math.max(...temporal) }) };
}

/** mediasoup's keys are `<spatial>.<temporal>`. */
function flowingLayers(bitrateByLayer: Readonly<Record<string, number>>): [number, number][] {
  return Object.entries(bitrateByLayer)
    .filter(([, bitrate]) => bitrate > 0)
    .map(([key]) => {
      const [spatial = 0, temporal = 0] = key.split('.').map(Number);
      return [spatial, temporal];
    });
}

/** Those that can be told: a track may end meanwhile. */
export async function settledOf(flows: Promise<TrackFlow>[]): Promise<TrackFlow[]> {
  const results = await Promise.allSettled(flows);
  return results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
}
