/**
 * Runs inside of a page: a client of the signalling socket made of plain RTCPeerConnections, with no library. It shows what it receives
 * in elements like those of the real page, so that a `Person` can look at them.
 */

export interface PlainOptions {
  readonly url: string;
  readonly token: string;
  readonly roomId: string;
  readonly join?: object;
  /** Publishes in the sections of the server's offers, as one that only ever answers. */
  readonly onlyAnswers?: boolean;
}

interface ServerOffer {
  readonly sdp: RTCSessionDescriptionInit;
  readonly tracks: Record<string, never>;
  readonly spare: PlainPeer['spare'];
}

export interface PlainPeer {
  readonly pub: RTCPeerConnection;
  readonly sub: RTCPeerConnection;
  /** What the server said, without the descriptions. */
  readonly log: { type: string; userId?: string; data: Record<string, unknown>; at: number }[];
  /** What `answer` told of our own tracks, by mid. */
  published: Record<string, { trackId: string; source: string }>;
  /** Where it may send next on the connection of the server's offers. */
  spare: { audio?: string; video?: string };
  /** As they were told last. */
  sources: Record<string, { source: string }>;
  camera: MediaStreamTrack;
  microphone: MediaStreamTrack;
  /** What one of our tracks is, where it is not what it looks like. */
  sourceOf(track: MediaStreamTrack | null): string | undefined;
  /** Another picture, of one colour. */
  paint(color: string): MediaStreamTrack;
  request(type: string, data?: object, targetUserId?: string): Promise<Record<string, unknown>>;
  /** Offers on the publishing connection, and takes the answer. */
  offer(sources?: Record<string, { source: string }>, options?: RTCOfferOptions): Promise<void>;
  /** Makes a publishing connection anew. */
  replacePub(): void;
  close(): void;
}

declare global {
  interface Window {
    startPlainPeer(options: PlainOptions): Promise<void>;
    peer: PlainPeer;
  }
}

/** Self-contained: Playwright sends its text to the page. */
export function installPlainPeer(): void {
  window.startPlainPeer = async ({ url, token, roomId, join = {}, onlyAnswers = false }) => {
    const socket = new WebSocket(`${url.replace(/^http/, 'ws')}/video-calls/ws`, ['bearer', token]);
    await new Promise((resolve, reject) => {
      socket.onopen = resolve;
      socket.onerror = reject;
    });
    const waiting = new Map<string, PromiseWithResolvers<Record<string, unknown>>>();
    let nextId = 1;
    const request = (type: string, data: object = {}, targetUserId?: string) => {
      const id = String(nextId++);
      const answer = Promise.withResolvers<Record<string, unknown>>();
      waiting.set(id, answer);
      socket.send(JSON.stringify({ id, type, roomId, data, ...(targetUserId && { targetUserId }) }));
      return answer.promise;
    };
    const media = await navigator.mediaDevices.getUserMedia({ video: true, audio: true });
    const [camera] = media.getVideoTracks();
    const [microphone] = media.getAudioTracks();
    const sub = new RTCPeerConnection();
    let offers = Promise.resolve();
    if (onlyAnswers) for (const track of media.getTracks()) sub.addTrack(track, media);

    const show = (
      mid: string,
      { userId, source, kind }: { userId: string; source: string; kind: string },
    ) => {
      const track = sub.getTransceivers().find((transceiver) => transceiver.mid === mid)?.receiver.track;
      if (!track) throw new Error(`there is no track in section ${mid}`);
      const selector = `[data-user-id="${userId}"][data-source="${source}"]`;
      let player = document.querySelector<HTMLMediaElement>(
        kind === 'video' ? `article${selector} video` : `audio${selector}`,
      );
      if (!player) {
        player = document.createElement(kind === 'video' ? 'video' : 'audio');
        player.autoplay = true;
        player.muted = kind === 'video';
        const holder = kind === 'video' ? document.createElement('article') : player;
        Object.assign(holder.dataset, { userId, source });
        if (holder !== player) holder.append(player);
        document.body.append(holder);
      }
      const shown = player.srcObject instanceof MediaStream ? player.srcObject.getTracks()[0] : undefined;
      if (shown !== track) player.srcObject = new MediaStream([track]);
      player.dataset.mid = mid;
    };
    const takeOffer = async ({ sdp, tracks, spare }: ServerOffer) => {
      await sub.setRemoteDescription(sdp);
      window.peer.spare = spare;
      await sub.setLocalDescription();
      const sources = sub.getTransceivers().flatMap(({ mid, sender }) => {
        const source = window.peer.sourceOf(sender.track);
        return mid !== null && source !== undefined ? [[mid, { source }]] : [];
      });
      const { tracks: own } = await request(
        'answer',
        { connection: 'subscribe', sdp: sub.localDescription, tracks: Object.fromEntries(sources) },
        'sfu',
      );
      window.peer.published = { ...window.peer.published, ...(own as PlainPeer['published']) };
      for (const player of document.querySelectorAll<HTMLMediaElement>('[data-mid]')) {
        if (tracks[player.dataset.mid ?? '']) continue;
        (player.closest('article') ?? player).remove();
      }
      for (const [mid, track] of Object.entries(tracks)) show(mid, track);
    };

    const peer: PlainPeer = {
      pub: new RTCPeerConnection(),
      sub,
      log: [],
      published: {},
      spare: {},
      sources: {},
      camera: camera!,
      microphone: microphone!,
      sourceOf: () => undefined,
      paint(color) {
        const canvas = document.createElement('canvas');
        Object.assign(canvas, { width: 640, height: 360 });
        const context = canvas.getContext('2d')!;
        let frame = 0;
        setInterval(() => {
          frame += 1;
          context.fillStyle = color;
          context.fillRect(0, 0, 640, 360);
          context.fillStyle = 'white';
          context.fillRect((frame * 12) % 640, 240, 60, 60);
        }, 40);
        return canvas.captureStream(25).getVideoTracks()[0]!;
      },
      request,
      async offer(sources = {}, options = {}) {
        const { pub } = peer;
        peer.sources = sources;
        await pub.setLocalDescription(await pub.createOffer(options));
        const answer = await request('offer', {
          connection: 'publish',
          sdp: pub.localDescription,
          tracks: sources,
        });
        await pub.setRemoteDescription(answer.sdp as RTCSessionDescriptionInit);
        peer.published = answer.tracks as PlainPeer['published'];
      },
      replacePub() {
        peer.pub.close();
        Object.assign(peer, { pub: new RTCPeerConnection() });
      },
      close() {
        socket.close();
        peer.pub.close();
        sub.close();
      },
    };
    window.peer = peer;
    socket.onmessage = (event) => {
      const message = JSON.parse(event.data);
      if (message.type === 'response') {
        const answer = waiting.get(message.id);
        if (message.ok) answer?.resolve(message.data);
        else answer?.reject(new Error(`${message.error.code}: ${message.error.message}`));
        return;
      }
      const { type, userId, data } = message;
      peer.log.push({ type, userId, data, at: Date.now() });
      if (type === 'renegotiate') {
        peer
          .offer(peer.sources, { iceRestart: data.how === 'ice-restart' })
          .catch((error) => console.error(String(error)));
      }
      if (type === 'offer' && userId === 'sfu') {
        // One after another, as they come.
        offers = offers.then(() => takeOffer(data)).catch((error) => console.error(String(error)));
      }
    };
    await request('join', join);
  };
}
