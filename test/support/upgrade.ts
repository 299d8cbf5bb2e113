/** Asks for a WebSocket as a client that sets every header itself would, and tells how it was answered. */
import { connect } from 'node:net';

export interface UpgradeAnswer {
  readonly status: number;
  readonly subprotocol: string | undefined;
}

/** With the body of a refusal, as text. */
export interface FullUpgradeAnswer extends UpgradeAnswer {
  readonly body: string;
}

export async function askForUpgrade(
  url: string,
  path: string,
  headers?: readonly (readonly [string, string])[],
): Promise<UpgradeAnswer> {
  const { status, subprotocol } = await askForWholeUpgrade(url, path, headers);
  return { status, subprotocol };
}

/** The socket is dropped as soon as the answer is there. */
export function askForWholeUpgrade(
  url: string,
  path: string,
  headers: readonly (readonly [string, string])[] = [],
): Promise<FullUpgradeAnswer> {
  const { hostname, port, host } = new URL(url);
  const head = [
    `GET ${path} HTTP/1.1`,
    `Host: ${host}`,
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    ...headers.map(([name, value]) => `${name}: ${value}`),
  ];
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => socket.write(`${head.join('\r\n')}\r\n\r\n`));
    let answer = '';
    socket.on('error', reject);
    socket.on('data', (bytes) => {
      answer += bytes.toString('latin1');
      const [headers, body] = answer.split('\r\n\r\n', 2);
      const length = Number(headers?.match(/^content-length: *(\d+)/im)?.[1] ?? 0);
      if (body === undefined || body.length < length) return;
      socket.destroy();
      resolve({
        status: Number(answer.match(/^HTTP\/1\.1 (\d{3})/)?.[1]),
        body,
        subprotocol: answer.match(/^sec-websocket-protocol: *(.*?)\r$/im)?.[1],
      });
    });
  });
}
