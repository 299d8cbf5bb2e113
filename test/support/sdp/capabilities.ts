/** What the rooms of this server can route, without a room. */
import { generateRouterRtpCapabilities } from 'mediasoup/ortc';
import { ROUTER_CODECS, toOfferedCapabilities } from '../../../src/media/codecs.ts';

export const CAPABILITIES = toOfferedCapabilities(generateRouterRtpCapabilities([...ROUTER_CODECS]));
