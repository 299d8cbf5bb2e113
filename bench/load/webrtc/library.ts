/** libdatachannel: ICE, DTLS, SRTP and RTCP in C++, without a codec. Its binary exists for some platforms only. */

type Library = typeof import('node-datachannel');

let loading: Promise<Library> | undefined;

/** Rejects where there is no binary for this platform. */
export function loadWebRtc(): Promise<Library> {
  loading ??= import('node-datachannel');
  return loading;
}

/** Why it cannot be used here, in one line; undefined when it can. */
export async function findWebRtcObstacle(): Promise<string | undefined> {
  try {
    await loadWebRtc();
    return undefined;
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('\n')[0] : error;
    return `node-datachannel does not load on ${process.platform}-${process.arch}: ${reason}`;
  }
}
