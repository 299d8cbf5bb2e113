/**
 * Runs inside of pages: the client class that the first description of this system printed, kept as it was written but for what cannot
 * run in a browser (its socket takes the token as a subprotocol), its address and ids, and the tracks that it adds.
 */

export interface SeedClientOptions {
  readonly url: string;
  readonly token: string;
  readonly roomId: string;
  readonly userId: string;
  /** To whom its candidates go. */
  readonly targetUserId: string;
}

export interface SeedClient {
  readonly ws: WebSocket;
  readonly pc: RTCPeerConnection;
}

declare global {
  interface Window {
    startSeedClient(options: SeedClientOptions): Promise<void>;
    seedClient: SeedClient;
  }
}

/** Self-contained: Playwright sends its text to the page. */
export function installSeedClient(): void {
  window.startSeedClient = async ({ url, token, roomId, userId, targetUserId }) => {
    const media = await navigator.mediaDevices.getUserMedia({ video: true, audio: true });

    class WebRTCClient {
      ws: WebSocket;
      pc!: RTCPeerConnection;

      constructor(token: string) {
        this.ws = new WebSocket(`${url.replace(/^http/, 'ws')}/video-calls/ws`, ['bearer', token]);

        this.setupWebSocket();
        this.setupPeerConnection();
      }

      private setupWebSocket() {
        this.ws.onopen = () => {
          this.ws.send(
            JSON.stringify({
              type: 'join',
              roomId,
              userId,
            }),
          );
        };

        this.ws.onmessage = (event) => {
          const message = JSON.parse(event.data);
          this.handleSignalingMessage(message);
        };
      }

      private setupPeerConnection() {
        this.pc = new RTCPeerConnection();
        for (const track of media.getTracks()) this.pc.addTrack(track, media);

        this.pc.onicecandidate = (event) => {
          if (event.candidate) {
            this.ws.send(
              JSON.stringify({
                type: 'ice-candidate',
                roomId,
                userId,
                targetUserId,
                data: { candidate: event.candidate },
              }),
            );
          }
        };
      }

      // biome-ignore lint/suspicious/noExplicitAny: as it was printed.
      private async handleSignalingMessage(message: any) {
        switch (message.type) {
          case 'offer': {
            await this.pc.setRemoteDescription(message.data.sdp);
            const answer = await this.pc.createAnswer();
            await this.pc.setLocalDescription(answer);
            this.ws.send(
              JSON.stringify({
                type: 'answer',
                roomId,
                userId,
                targetUserId: message.userId,
                data: { sdp: answer },
              }),
            );
            break;
          }

          case 'answer':
            await this.pc.setRemoteDescription(message.data.sdp);
            break;

          case 'ice-candidate':
            await this.pc.addIceCandidate(message.data.candidate);
            break;
        }
      }
    }

    const client = new WebRTCClient(token);
    window.seedClient = client;
    // What is seen is shown, by the stream that it came with: its id is who sent it.
    client.pc.ontrack = ({ track, streams }) => {
      const from = streams[0]?.id ?? '';
      const holder = document.createElement(track.kind === 'video' ? 'article' : 'audio');
      holder.dataset.userId = from;
      holder.dataset.source = track.kind === 'video' ? 'camera' : 'microphone';
      const player =
        holder instanceof HTMLAudioElement ? holder : holder.appendChild(document.createElement('video'));
      Object.assign(player, {
        autoplay: true,
        muted: track.kind === 'video',
        srcObject: new MediaStream([track]),
      });
      document.body.append(holder);
    };
  };
}
