/** The messages of `proto/webrtc.proto`, as they come out of the loader and go into it. */
import { join } from 'node:path';
import type { ServiceDefinition } from '@grpc/grpc-js';
import { loadSync, type PackageDefinition } from '@grpc/proto-loader';
import { type Static, type TSchema, Type } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import { AppError } from '../../lib/index.ts';

const PROTO = join(import.meta.dir, '../../../proto/webrtc.proto');

export const SERVICE = 'webrtc_recorder.WebRTCService';

/** Fields that were not sent are there, with their defaults, as the loader is told. */
export const UploadMessage = Type.Object({
  sdp_offer: Type.String(),
  name: Type.String(),
  uuid: Type.String(),
  ice_servers: Type.Array(
    Type.Object({
      urls: Type.Array(Type.String()),
      username: Type.String(),
      credentialType: Type.Integer(),
    }),
  ),
});
export const StopMessage = Type.Object({ id: Type.String() });
export const RenegotiateMessage = Type.Object({ id: Type.String(), sdp_offer: Type.String() });

export function loadProto(): PackageDefinition {
  return loadSync(PROTO, { keepCase: true, defaults: true, arrays: true });
}

/** Throws when the file has no such service. */
export function serviceIn(definition: PackageDefinition): ServiceDefinition {
  const found = definition[SERVICE];
  if (found && !('format' in found)) return found;
  throw new Error(`${PROTO} has no service ${SERVICE}`);
}

/** Throws `validation_error`. */
export function readMessage<Schema extends TSchema>(schema: Schema, message: unknown): Static<Schema> {
  if (Value.Check(schema, message)) return message;
  throw new AppError('validation_error', 'The message is not what the service takes.');
}
