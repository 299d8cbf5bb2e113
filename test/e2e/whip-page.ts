/** Runs inside of a page: publishes by WHIP and plays by WHEP with a plain RTCPeerConnection and fetch, as a library for it would. */

export interface WhipPageOptions {
  readonly path: string;
  readonly token: string;
}

declare global {
  interface Window {
    publishByWhip(options: WhipPageOptions): Promise<void>;
    stopWhip(): Promise<number>;
    playByWhep(options: WhipPageOptions): Promise<'answer' | 'counter-offer'>;
    whip: { readonly connection: RTCPeerConnection; readonly session: string; readonly token: string };
    whep: RTCPeerConnection;
  }
}

/** Self-contained: Playwright sends its text to the page. */
export function installWhipPage(): void {
  const gathered = (connection: RTCPeerConnection) =>
    new Promise<void>((resolve) => {
      const look = () => {
        if (connection.iceGatheringState === 'complete') resolve();
      };
      connection.addEventListener('icegatheringstatechange', look);
      look();
    });
  const ask = (method: string, path: string, token: string, sdp?: string) =>
    fetch(path, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(sdp !== undefined && { 'content-type': 'application/sdp' }),
      },
      ...(sdp !== undefined && { body: sdp }),
    });

  window.publishByWhip = async ({ path, token }) => {
    const media = await navigator.mediaDevices.getUserMedia({ video: true, audio: true });
    const connection = new RTCPeerConnection({ bundlePolicy: 'max-bundle' });
    for (const track of media.getTracks())
      connection.addTransceiver(track, { direction: 'sendonly', streams: [media] });
    await connection.setLocalDescription();
    await gathered(connection);
    const response = await ask('POST', path, token, connection.localDescription?.sdp);
    if (response.status !== 201) throw new Error(`${response.status} ${await response.text()}`);
    await connection.setRemoteDescription({ type: 'answer', sdp: await response.text() });
    window.whip = { connection, session: response.headers.get('location') ?? '', token };
  };
  window.stopWhip = async () => {
    const { connection, session, token } = window.whip;
    connection.close();
    return (await ask('DELETE', session, token)).status;
  };
  window.playByWhep = async ({ path, token }) => {
    const show = (connection: RTCPeerConnection) => {
      window.whep = connection;
      const player = document.createElement('video');
      player.autoplay = true;
      player.muted = true;
      const stream = new MediaStream();
      connection.addEventListener('track', ({ track }) => stream.addTrack(track));
      player.srcObject = stream;
      const article = document.createElement('article');
      article.append(player);
      document.body.replaceChildren(article);
    };
    const connection = new RTCPeerConnection({ bundlePolicy: 'max-bundle' });
    connection.addTransceiver('audio', { direction: 'recvonly' });
    connection.addTransceiver('video', { direction: 'recvonly' });
    await connection.setLocalDescription();
    await gathered(connection);
    const response = await ask('POST', path, token, connection.localDescription?.sdp);
    if (response.status === 201) {
      show(connection);
      await connection.setRemoteDescription({ type: 'answer', sdp: await response.text() });
      return 'answer';
    }
    if (response.status !== 406) throw new Error(`${response.status} ${await response.text()}`);
    connection.close();
    const answering = new RTCPeerConnection({ bundlePolicy: 'max-bundle' });
    show(answering);
    await answering.setRemoteDescription({ type: 'offer', sdp: await response.text() });
    await answering.setLocalDescription();
    await gathered(answering);
    const patched = await ask(
      'PATCH',
      response.headers.get('location') ?? '',
      token,
      answering.localDescription?.sdp,
    );
    if (patched.status !== 204) throw new Error(`${patched.status} ${await patched.text()}`);
    return 'counter-offer';
  };
}
