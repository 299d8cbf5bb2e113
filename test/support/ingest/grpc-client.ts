/** A client of `WebRTCService` that is not generated: messages go in and come out as the proto file has them. */

import { join } from 'node:path';
import { type ChannelCredentials, Client, credentials, Metadata, type ServiceError } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';

const PROTO = join(import.meta.dir, '../../../proto/webrtc.proto');
const DEADLINE_MS = 30_000;

export type Method = 'UploadP2PVideo' | 'RenegotiateP2PVideo' | 'StopP2PVideo';

export interface Answered {
  /** The status, by its number; 0 is OK. */
  readonly code: number;
  readonly details: string;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly sdp_answer?: string;
  readonly id?: string;
}

export class GrpcClient {
  readonly #client: Client;
  readonly #service: ReturnType<typeof serviceOf>;

  constructor(port: number, channel: ChannelCredentials = credentials.createInsecure()) {
    this.#service = serviceOf();
    this.#client = new Client(`localhost:${port}`, channel);
  }

  /** Never rejects: a refusal is an answer. */
  call(
    method: Method,
    request: object,
    token?: string,
    { deadlineMs = DEADLINE_MS }: { readonly deadlineMs?: number } = {},
  ): Promise<Answered> {
    const { path, requestSerialize, responseDeserialize } = this.#service[method]!;
    const metadata = new Metadata();
    if (token !== undefined) metadata.set('authorization', `Bearer ${token}`);
    const { promise, resolve } = Promise.withResolvers<Answered>();
    const answered = (error: ServiceError | null, message: object | undefined) =>
      resolve({
        code: error?.code ?? 0,
        details: error?.details ?? '',
        metadata: error?.metadata?.getMap() ?? {},
        ...message,
      });
    const options = { deadline: Date.now() + deadlineMs };
    this.#client.makeUnaryRequest(
      path,
      requestSerialize,
      responseDeserialize,
      request,
      metadata,
      options,
      answered as never,
    );
    return promise;
  }

  close(): void {
    this.#client.close();
  }
}

interface MethodOfLoader {
  readonly path: string;
  readonly requestSerialize: (message: object) => Buffer;
  readonly responseDeserialize: (bytes: Buffer) => object;
}

function serviceOf(): Readonly<Record<string, MethodOfLoader>> {
  const definition = loadSync(PROTO, { keepCase: true, defaults: true, arrays: true });
  return definition['webrtc_recorder.WebRTCService'] as never;
}
