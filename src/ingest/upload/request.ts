/** What an upload may ask for, over whichever protocol it came. */
import { type Static, Type } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import { AppError, findUnfitJson } from '../../lib/index.ts';

const IceServer = Type.Object({
  urls: Type.Array(Type.String({ pattern: '^(stuns?|turns?):[^\\s]{1,250}$' }), { maxItems: 16 }),
  username: Type.String({ maxLength: 512 }),
  credentialType: Type.Integer({ minimum: 0, maximum: 255 }),
});

const UploadRequest = Type.Object({
  /** SDP; what is wrong with one is told when it is read. */
  sdpOffer: Type.String(),
  /** Empty: none. */
  name: Type.String({ maxLength: 200 }),
  /** Empty: none. */
  uuid: Type.String({ maxLength: 128 }),
  iceServers: Type.Array(IceServer, { maxItems: 16 }),
});
export type UploadRequest = Static<typeof UploadRequest>;

/** Longer than any description that is read. */
const MAX_SDP_LENGTH = 256 * 1024;

/** Throws `validation_error`, `invalid_sdp` for none, `too_large`. */
export function checkUpload(request: UploadRequest): void {
  const [problem] = [...Value.Errors(UploadRequest, request)];
  if (problem) {
    const field = problem.path.replace(/^\//, '');
    throw new AppError('validation_error', `${field}: ${problem.message}.`, 'caller', {
      details: [{ path: problem.path, problem: problem.message }],
    });
  }
  const { sdpOffer, ...rest } = request;
  const unfit = findUnfitJson(rest);
  if (unfit !== undefined) throw new AppError('validation_error', unfit);
  checkOffer(sdpOffer);
}

/** Throws `invalid_sdp` for none, `too_large`. */
export function checkOffer(sdp: string): void {
  if (sdp === '') throw new AppError('invalid_sdp', 'There is no offer: sdp_offer is missing, or empty.');
  if (sdp.length > MAX_SDP_LENGTH)
    throw new AppError('too_large', `The offer is longer than ${MAX_SDP_LENGTH / 1024} KiB.`);
}
