/** What is said on the bare script's socket: one request, one answer, and nothing unasked. */
import type { DtlsParameters, MediaKind, RtpCapabilities, RtpParameters } from '../../src/protocol/index.ts';
import type { Consumer, TransportParameters } from '../load/sfu/sfu.ts';

export interface BareMethods {
  enter(argument: { readonly roomId: string }): Promise<RtpCapabilities>;
  createTransport(argument: {
    readonly rtpCapabilities: RtpCapabilities;
    readonly direction: 'send' | 'recv';
  }): Promise<TransportParameters>;
  connect(argument: { readonly transportId: string; readonly dtlsParameters: DtlsParameters }): Promise<void>;
  produce(argument: {
    readonly transportId: string;
    readonly kind: MediaKind;
    readonly rtpParameters: RtpParameters;
  }): Promise<string>;
  consume(argument: { readonly trackId: string }): Promise<Consumer>;
  resume(argument: { readonly consumerId: string }): Promise<void>;
}

export interface BareRequest {
  readonly id: number;
  readonly method: keyof BareMethods;
  readonly argument: unknown;
}

export type BareAnswer =
  | { readonly id: number; readonly result: unknown }
  | { readonly id: number; readonly error: string };
