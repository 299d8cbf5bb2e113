/** What the WebRTC connections of a page do: how many there were, and how much came over them. */
import type { Page } from 'playwright-core';

interface Watched {
  peerConnections: RTCPeerConnection[];
}

/** Call it before the page is opened. */
export async function watchPeerConnections(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const watched: Watched = Object.assign(window, { peerConnections: [] });
    window.RTCPeerConnection = class extends RTCPeerConnection {
      constructor(configuration?: RTCConfiguration) {
        super(configuration);
        watched.peerConnections.push(this);
      }
    };
  });
}

/** What a page sent over all of its connections, in bytes on the wire without IP and UDP. */
export function readSent(page: Page): Promise<number> {
  return page.evaluate(async () => {
    const { peerConnections } = window as unknown as Watched;
    const reports = await Promise.all(peerConnections.map((connection) => connection.getStats()));
    let bytes = 0;
    for (const report of reports) {
      for (const stats of report.values()) if (stats.type === 'transport') bytes += stats.bytesSent;
    }
    return bytes;
  });
}

/** Resolves when a page sends packets of so many tracks, however many layers they have. */
export async function whenSending(page: Page, tracks: number): Promise<void> {
  await page.waitForFunction(async (wanted) => {
    const { peerConnections } = window as unknown as Watched;
    const reports = await Promise.all(peerConnections.map((connection) => connection.getStats()));
    const sending = reports.flatMap((report, index) =>
      [...report.values()]
        .filter(({ type, packetsSent }) => type === 'outbound-rtp' && packetsSent > 10)
        .map(({ mid }) => `${index} ${mid}`),
    );
    return new Set(sending).size >= wanted;
  }, tracks);
}

/** Which simulcast layers of its camera a page sends, low to high. */
export function readActiveLayers(page: Page): Promise<boolean[]> {
  return page.evaluate(() => {
    const { peerConnections } = window as unknown as Watched;
    const senders = peerConnections.flatMap((connection) => connection.getSenders());
    const camera = senders.find(({ track }) => track?.kind === 'video' && track.readyState === 'live');
    return camera?.getParameters().encodings.map(({ active }) => active !== false) ?? [];
  });
}

/** How many frames a page has encoded of a simulcast layer of its camera: one that the network or the processor cannot take is not sent. */
export function countLayerFrames(page: Page, layer: number): Promise<number> {
  return page.evaluate(async (index) => {
    const { peerConnections } = window as unknown as Watched;
    const senders = peerConnections.flatMap((connection) => connection.getSenders());
    const camera = senders.find(({ track }) => track?.kind === 'video' && track.readyState === 'live');
    const rid = camera?.getParameters().encodings[index]?.rid;
    const report = (await camera?.getStats()) ?? new Map();
    const own = [...report.values()].find((stats) => stats.type === 'outbound-rtp' && stats.rid === rid);
    return own?.framesEncoded ?? 0;
  }, layer);
}

/** Has a page stop a simulcast layer of its camera, or send it again, without telling anybody. */
export function setLayerActive(page: Page, layer: number, isActive: boolean): Promise<void> {
  return page.evaluate(
    async ([index, active]) => {
      const { peerConnections } = window as unknown as Watched;
      const senders = peerConnections.flatMap((connection) => connection.getSenders());
      const camera = senders.find(({ track }) => track?.kind === 'video' && track.readyState === 'live');
      const parameters = camera?.getParameters();
      const encoding = parameters?.encodings[index];
      if (!camera || !parameters || !encoding) throw new Error(`there is no layer ${index}`);
      encoding.active = active;
      await camera.setParameters(parameters);
    },
    [layer, isActive] as const,
  );
}

/** The protocol of each connection over which something went, in the order in which they were made. */
export function readMediaProtocols(page: Page): Promise<string[]> {
  return page.evaluate(async () => {
    const { peerConnections } = window as unknown as Watched;
    const reports = await Promise.all(peerConnections.map((connection) => connection.getStats()));
    return reports.flatMap((report) =>
      [...report.values()]
        .filter(({ type }) => type === 'transport')
        .map(({ selectedCandidatePairId }) => report.get(selectedCandidatePairId))
        .filter((pair) => pair !== undefined)
        .map(({ localCandidateId }) => report.get(localCandidateId).protocol as string),
    );
  });
}

export interface Received {
  readonly connections: number;
  /** By media stream track, in bytes. */
  readonly bytes: Readonly<Record<string, number>>;
  /** By media stream track, in packets. */
  readonly lost: Readonly<Record<string, number>>;
}

export function readReceived(page: Page): Promise<Received> {
  return page.evaluate(async () => {
    const { peerConnections } = window as unknown as Watched;
    const reports = await Promise.all(peerConnections.map((connection) => connection.getStats()));
    const bytes: Record<string, number> = {};
    const lost: Record<string, number> = {};
    for (const report of reports) {
      for (const stats of report.values()) {
        // The probator is how mediasoup tries whether more would fit: no track of anybody, and there only sometimes.
        if (stats.type !== 'inbound-rtp' || stats.trackIdentifier === 'probator') continue;
        bytes[stats.trackIdentifier] = stats.bytesReceived;
        lost[stats.trackIdentifier] = stats.packetsLost;
      }
    }
    return { connections: peerConnections.length, bytes, lost };
  });
}
