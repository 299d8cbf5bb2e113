/** The media types of descriptions (RFC 8866) and of parts of them (RFC 8840). */
export const SDP_TYPE = 'application/sdp';
export const FRAGMENT_TYPE = 'application/trickle-ice-sdpfrag';
