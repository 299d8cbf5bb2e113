/** What one participant can ask of an SFU: all that the load knows of Kaa and of the bare baseline. */
import type {
  ConsumerCreated,
  DtlsParameters,
  MediaKind,
  RtpCapabilities,
  RtpParameters,
  TransportCreated,
} from '../../../src/protocol/index.ts';

export type Direction = 'send' | 'recv';

export type TransportParameters = Pick<
  TransportCreated,
  'transportId' | 'iceParameters' | 'iceCandidates' | 'dtlsParameters'
>;

export type Consumer = Pick<ConsumerCreated, 'consumerId' | 'kind' | 'rtpParameters'>;

/** One participant. Every method rejects with what the SFU answers. */
export interface Sfu {
  /** What the room routes. */
  readonly rtpCapabilities: RtpCapabilities;
  createTransport(direction: Direction, rtpCapabilities: RtpCapabilities): Promise<TransportParameters>;
  connect(transportId: string, dtlsParameters: DtlsParameters): Promise<void>;
  /** Publishes, and gives the track's id. */
  produce(transportId: string, kind: MediaKind, rtpParameters: RtpParameters): Promise<string>;
  /** The consumer is paused until `resume`. */
  consume(trackId: string): Promise<Consumer>;
  resume(consumerId: string): Promise<void>;
  /** Leaves, and takes with it everything that it made. */
  close(): Promise<void>;
}

/** A way into a room for somebody. */
export type JoinSfu = (roomId: string, userId: string) => Promise<Sfu>;
