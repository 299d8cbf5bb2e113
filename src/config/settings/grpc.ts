/** The listener of gRPC: its port, its certificate, and who has to show one. */
import { port } from '../address.ts';
import { onOff, text } from '../format.ts';
import { type Reader, readSettings } from '../read.ts';
import { readableFile } from '../readable-file.ts';
import { optional, setting } from '../setting.ts';

const LOOPBACK = '127.0.0.1';

export const grpcSettings = {
  GRPC_PORT: setting(port({ minimum: 0 }), {
    default: 50_051,
    doc: 'The TCP port of gRPC; 0 takes any free one.',
  }),
  GRPC_TLS_CERT: optional(text('the path of a PEM file'), {
    doc: 'The certificate chain of gRPC. Goes with GRPC_TLS_KEY. Without it, gRPC listens on 127.0.0.1 alone.',
  }),
  GRPC_TLS_KEY: optional(text('the path of a PEM file'), { doc: 'The private key of GRPC_TLS_CERT.' }),
  GRPC_TLS_CA: optional(text('the path of a PEM file'), {
    doc: 'With it, gRPC clients have to show a certificate of this authority (mutual TLS).',
  }),
  GRPC_INSECURE: setting(onOff(), {
    default: false,
    doc: 'Lets gRPC listen on APP_HOST without TLS: tokens then travel in the clear. For networks that encrypt by themselves.',
  }),
};

export interface GrpcConfig {
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  /** Absolute paths of PEM files. */
  readonly tls?: { readonly certPath: string; readonly keyPath: string; readonly caPath?: string };
}

/** `host` is where the server listens for others. */
export function readGrpc(reader: Reader, host: string): GrpcConfig {
  const values = readSettings(grpcSettings, reader);
  const tls = readTls(values, reader);
  return {
    host: tls || values.GRPC_INSECURE ? host : LOOPBACK,
    port: values.GRPC_PORT,
    ...(tls && { tls }),
  };
}

interface Paths {
  readonly GRPC_TLS_CERT: string | undefined;
  readonly GRPC_TLS_KEY: string | undefined;
  readonly GRPC_TLS_CA: string | undefined;
}

function readTls({ GRPC_TLS_CERT, GRPC_TLS_KEY, GRPC_TLS_CA }: Paths, reader: Reader): GrpcConfig['tls'] {
  if (GRPC_TLS_CERT === undefined && GRPC_TLS_KEY === undefined && GRPC_TLS_CA === undefined)
    return undefined;
  if (GRPC_TLS_CERT === undefined || GRPC_TLS_KEY === undefined) {
    const name = GRPC_TLS_CERT === undefined ? 'GRPC_TLS_CERT' : 'GRPC_TLS_KEY';
    reader.problems.add({
      name,
      what: 'is missing, but gRPC is to use TLS',
      expected: 'GRPC_TLS_CERT and GRPC_TLS_KEY, both or none; GRPC_TLS_CA only with them',
      remedy: `set ${name}, or unset the others`,
    });
    return undefined;
  }
  return {
    certPath: readableFile('GRPC_TLS_CERT', GRPC_TLS_CERT, reader),
    keyPath: readableFile('GRPC_TLS_KEY', GRPC_TLS_KEY, reader),
    ...(GRPC_TLS_CA !== undefined && { caPath: readableFile('GRPC_TLS_CA', GRPC_TLS_CA, reader) }),
  };
}
