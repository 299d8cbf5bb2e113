/** Runs inside of a page: sends its microphone, then its camera too, in as an upload, as another program's page would. */

export interface UploadPageOptions {
  readonly token: string;
  readonly name: string;
}

declare global {
  interface Window {
    /** Resolves with the id when the microphone flows. */
    beginUpload(options: UploadPageOptions): Promise<string>;
    /** Resolves when the camera flows too. */
    addCamera(): Promise<void>;
    /** Resolves with the status. */
    endUpload(): Promise<number>;
  }
}

/** Self-contained: Playwright sends its text to the page. */
export function installUploadPage(): void {
  const connection = new RTCPeerConnection({ bundlePolicy: 'max-bundle' });
  let path = '/webrtc/video';
  let authorization = '';

  const flows = async (kind: string) => {
    for (;;) {
      const stats = [...(await connection.getStats()).values()];
      const sent = stats.find((entry) => entry.type === 'outbound-rtp' && entry.kind === kind);
      const isHeard = stats.some((entry) => entry.type === 'remote-inbound-rtp' && entry.kind === kind);
      if (sent?.packetsSent > 20 && (isHeard || connection.connectionState === 'connected')) return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  };
  const negotiate = async (method: string, more: object) => {
    await connection.setLocalDescription();
    const response = await fetch(path, {
      method,
      headers: { authorization, 'content-type': 'application/json' },
      body: JSON.stringify({ sdpOffer: connection.localDescription?.sdp, ...more }),
    });
    const answer = await response.json();
    if (!response.ok) throw new Error(`${response.status} ${JSON.stringify(answer)}`);
    await connection.setRemoteDescription({ type: 'answer', sdp: answer.sdpAnswer });
    return answer;
  };

  window.beginUpload = async ({ token, name }) => {
    authorization = `Bearer ${token}`;
    const [track] = (await navigator.mediaDevices.getUserMedia({ audio: true })).getAudioTracks();
    connection.addTransceiver(track!, { direction: 'sendonly' });
    const { id } = await negotiate('POST', { name });
    path += `/${id}`;
    await flows('audio');
    return id;
  };
  window.addCamera = async () => {
    const [track] = (await navigator.mediaDevices.getUserMedia({ video: true })).getVideoTracks();
    connection.addTransceiver(track!, { direction: 'sendonly' });
    await negotiate('PUT', {});
    await flows('video');
  };
  window.endUpload = async () => {
    const response = await fetch(path, { method: 'DELETE', headers: { authorization } });
    connection.close();
    return response.status;
  };
}
