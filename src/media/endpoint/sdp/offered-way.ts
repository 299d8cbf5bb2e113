/** Our end of the connection on which the server offers: a transport, and the certificate of whoever answered on it. */
import { AppError } from '../../../lib/index.ts';
import type { Home } from '../../room/home.ts';
import type { SdpPeer } from '../../sdp/index.ts';
import type { ClientTransport } from '../transport.ts';
import type { ConnectionContext } from './context.ts';

export class OfferedWay {
  readonly home: Home;
  readonly transport: ClientTransport;
  /** Once the client has answered. */
  #fingerprint: string | undefined;

  /** Rejects with `unavailable`. */
  static async open(context: ConnectionContext): Promise<OfferedWay> {
    const home = await context.home();
    return new OfferedWay(home, await context.open(home));
  }

  private constructor(home: Home, transport: ClientTransport) {
    this.home = home;
    this.transport = transport;
  }

  /** With the first answer, connects; afterwards rejects with `invalid_state` where another connection answers. */
  async connect({ fingerprint, setup }: SdpPeer): Promise<void> {
    if (this.#fingerprint === undefined) {
      // RFC 8842, section 5.3: the answer says who begins; mediasoup is told the role of the other side.
      const role = setup === 'active' ? 'client' : 'server';
      await this.transport.connect({ role, fingerprints: [fingerprint] });
      this.#fingerprint = fingerprint.value;
    } else if (this.#fingerprint !== fingerprint.value) {
      throw new AppError(
        'invalid_state',
        'This is another connection: ask for one with "renegotiate" and new-connection.',
      );
    }
  }
}
