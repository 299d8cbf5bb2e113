/** How much of what comes at once a socket of a worker keeps until the worker has time. */

/**
 * Keyframes of several people come as bursts on the one socket of a worker; what is not kept is lost, and asked for again. The
 * system gives less where `net.core.rmem_max` is lower, and says nothing.
 */
export const UDP_BUFFER_BYTES = 4 * 1_024 ** 2;
