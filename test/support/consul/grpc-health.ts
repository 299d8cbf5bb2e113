/** One question to the health service of gRPC (`grpc.health.v1`), as an agent of Consul asks it: is the whole server serving? */
import { connect } from 'node:http2';

/** An empty `HealthCheckRequest` in a frame: not compressed, no bytes long. */
const QUESTION = Buffer.from([0, 0, 0, 0, 0]);
/** A `HealthCheckResponse` whose field 1, the status, is 1: `SERVING`. */
const SERVING = Buffer.from([0, 0, 0, 0, 2, 0x08, 0x01]);

export interface HealthOptions {
  readonly usesTls: boolean;
  readonly timeoutMs: number;
}

/** `target` is a host and a port. Never rejects: whoever does not answer is not serving. */
export async function isServing(target: string, { usesTls, timeoutMs }: HealthOptions): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const session = connect(`${usesTls ? 'https' : 'http'}://${target}`, { rejectUnauthorized: false });
  const timer = setTimeout(() => resolve(false), timeoutMs);
  session.on('error', () => resolve(false));
  const call = session.request({
    ':method': 'POST',
    ':path': '/grpc.health.v1.Health/Check',
    'content-type': 'application/grpc',
    te: 'trailers',
  });
  const pieces: Buffer[] = [];
  call.on('data', (piece: Buffer) => pieces.push(piece));
  call.on('error', () => resolve(false));
  call.on('end', () => resolve(Buffer.concat(pieces).equals(SERVING)));
  call.end(QUESTION);
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
    session.destroy();
  }
}
