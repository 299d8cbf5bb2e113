/** The listener of gRPC: the uploads, health and reflection, on a port of its own, with or without TLS. */
import { readFile } from 'node:fs/promises';
import { createSecureContext } from 'node:tls';
import { Server, ServerCredentials } from '@grpc/grpc-js';
import { ReflectionService } from '@grpc/reflection';
import { HealthImplementation } from 'grpc-health-check';
import type { GrpcConfig } from '../../config/index.ts';
import { AppError } from '../../lib/index.ts';
import { type HandlerDeps, makeHandlers } from './handlers.ts';
import { loadProto, SERVICE, serviceIn } from './messages.ts';

/** A description may have 256 KiB; a longer message is refused with RESOURCE_EXHAUSTED before it is read. */
const MAX_MESSAGE_BYTES = 512 * 1024;
const OPTIONS = {
  'grpc.max_receive_message_length': MAX_MESSAGE_BYTES,
  'grpc.max_send_message_length': MAX_MESSAGE_BYTES,
  'grpc.max_concurrent_streams': 1_000,
  // A client that vanished without a word is noticed.
  'grpc.keepalive_time_ms': 60_000,
  'grpc.keepalive_timeout_ms': 20_000,
};
/** How long calls that run may take to end once the server stops. */
const SHUTDOWN_MS = 2_000;
const SERVICES = ['', SERVICE];

export class GrpcServer {
  readonly #server: Server;
  readonly #health: HealthImplementation;
  readonly #config: GrpcConfig;
  #port: number | undefined;

  constructor(config: GrpcConfig, deps: HandlerDeps) {
    this.#config = config;
    this.#server = new Server(OPTIONS);
    const definition = loadProto();
    this.#server.addService(serviceIn(definition), makeHandlers(deps));
    this.#health = new HealthImplementation(
      Object.fromEntries(SERVICES.map((name) => [name, 'NOT_SERVING' as const])),
    );
    this.#health.addToServer(this.#server);
    new ReflectionService(definition).addToServer(this.#server);
  }

  /** The one that it listens on; undefined while it does not. */
  get port(): number | undefined {
    return this.#port;
  }

  /** Rejects with `unavailable` when the port is taken, or a certificate cannot be used. */
  async listen(): Promise<void> {
    const { host, port } = this.#config;
    const credentials = await this.#credentials();
    const address = host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
    const bound = Promise.withResolvers<number>();
    this.#server.bindAsync(address, credentials, (error, boundPort) => {
      if (error) bound.reject(error);
      else bound.resolve(boundPort);
    });
    this.#port = await bound.promise.catch((cause: unknown) => {
      throw new AppError(
        'unavailable',
        `Port ${port} on ${host} cannot be listened on for gRPC, perhaps because another Kaa does. Free it, or set GRPC_PORT to another one.`,
        'server',
        { cause },
      );
    });
    this.#setHealth('SERVING');
  }

  /** Whoever asks for its health is told to go elsewhere. */
  announceDraining(): void {
    this.#setHealth('NOT_SERVING');
  }

  /** Ends calls that run in good order, if they end soon. Twice is no error. */
  async close(): Promise<void> {
    this.announceDraining();
    const closed = Promise.withResolvers<void>();
    const timer = setTimeout(() => this.#server.forceShutdown(), SHUTDOWN_MS);
    this.#server.tryShutdown(() => closed.resolve());
    await closed.promise.finally(() => clearTimeout(timer));
    this.#port = undefined;
  }

  #setHealth(status: 'SERVING' | 'NOT_SERVING'): void {
    for (const name of SERVICES) this.#health.setStatus(name, status);
  }

  async #credentials(): Promise<ServerCredentials> {
    const { tls } = this.#config;
    if (!tls) return ServerCredentials.createInsecure();
    try {
      const [key, certificate, authority] = await Promise.all([
        readFile(tls.keyPath),
        readFile(tls.certPath),
        tls.caPath === undefined ? null : readFile(tls.caPath),
      ]);
      // Here it tells what does not fit; the listener would only say that it does not listen.
      createSecureContext({ key, cert: certificate, ...(authority && { ca: authority }) });
      // With an authority, who shows no certificate of it does not come in.
      return ServerCredentials.createSsl(
        authority,
        [{ private_key: key, cert_chain: certificate }],
        authority !== null,
      );
    } catch (cause) {
      throw new AppError(
        'unavailable',
        'The certificate of gRPC cannot be used. Look at GRPC_TLS_CERT, GRPC_TLS_KEY (the key of that certificate, without a password) and GRPC_TLS_CA: all in PEM.',
        'server',
        { cause },
      );
    }
  }
}
