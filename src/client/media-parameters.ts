/**
 * Between the protocol's media parameters and mediasoup-client's. Both describe the same objects; mediasoup-client
 * narrows the URIs of header extensions to those that it knows (it ignores all others when it meets them) and leaves
 * codec parameters open.
 */
import type { types } from 'mediasoup-client';
import type { RtpCapabilities, RtpParameters } from '../protocol/index.ts';

export function toDeviceCapabilities(capabilities: RtpCapabilities): types.RtpCapabilities {
  return capabilities as types.RtpCapabilities;
}

export function toDeviceParameters(parameters: RtpParameters): types.RtpParameters {
  return parameters as types.RtpParameters;
}

export function toWireCapabilities(capabilities: types.RtpCapabilities): RtpCapabilities {
  return { codecs: [], ...capabilities } as RtpCapabilities;
}

export function toWireParameters(parameters: types.RtpParameters): RtpParameters {
  return { encodings: [], ...parameters } as RtpParameters;
}
