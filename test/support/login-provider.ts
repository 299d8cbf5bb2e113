/** A login provider on loopback: publishes its keys, signs tokens with them, can change keys and can be away. */
import { type CryptoKey, exportJWK, exportSPKI, generateKeyPair, type JWK, SignJWT } from 'jose';

type Algorithm = 'RS256' | 'ES256';

interface SigningKey {
  readonly kid: string;
  readonly algorithm: Algorithm;
  readonly privateKey: CryptoKey;
  readonly publicKey: CryptoKey;
  readonly jwk: JWK;
}

export class LoginProvider {
  readonly issuer = 'https://login.example.com/';
  /** Requests for the keys so far. */
  requests = 0;
  /** What it answers in place of its keys. */
  failure: (() => Response | Promise<Response>) | undefined;
  readonly #server: Bun.Server<undefined>;
  readonly #published = new Map<string, SigningKey>();

  static async start(): Promise<LoginProvider> {
    const provider = new LoginProvider();
    await provider.addKey('rsa-1', 'RS256');
    await provider.addKey('ec-1', 'ES256');
    return provider;
  }

  private constructor() {
    this.#server = Bun.serve({
      hostname: '127.0.0.1',
      port: 0,
      fetch: () => {
        this.requests += 1;
        return this.failure
          ? this.failure()
          : Response.json({ keys: [...this.#published.values()].map(({ jwk }) => jwk) });
      },
    });
  }

  get jwksUrl(): string {
    return `http://127.0.0.1:${this.#server.port}/jwks.json`;
  }

  async addKey(kid: string, algorithm: Algorithm): Promise<void> {
    const { privateKey, publicKey } = await generateKeyPair(algorithm, { extractable: true });
    const jwk = { ...(await exportJWK(publicKey)), kid, alg: algorithm, use: 'sig' };
    this.#published.set(kid, { kid, algorithm, privateKey, publicKey, jwk });
  }

  withdrawKey(kid: string): void {
    this.#published.delete(kid);
  }

  /** Signed by the key of this id; `header` overrides what the token says of itself. */
  async sign(
    kid: string,
    claims: Readonly<Record<string, unknown>> = {},
    header: Readonly<Record<string, unknown>> = {},
  ): Promise<string> {
    const { algorithm, privateKey } = this.#key(kid);
    return new SignJWT({
      iss: this.issuer,
      sub: 'alice',
      exp: Math.floor(Date.now() / 1_000) + 60,
      ...claims,
    })
      .setProtectedHeader({ alg: algorithm, kid, ...header })
      .sign(privateKey);
  }

  /** The public key as text: what a forger takes for an HMAC secret. */
  publicText(kid: string): Promise<string> {
    return exportSPKI(this.#key(kid).publicKey);
  }

  async stop(): Promise<void> {
    await this.#server.stop(true);
  }

  #key(kid: string): SigningKey {
    const key = this.#published.get(kid);
    if (!key) throw new Error(`there is no key "${kid}"`);
    return key;
  }
}
