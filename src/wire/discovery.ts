/** Wires the server to Consul: registered while it listens, with a route that tells of its other instances. */
import type { Tokens } from '../auth/index.ts';
import type { Config } from '../config/index.ts';
import { Discovery, instancesRoutes } from '../discovery/index.ts';
import type { Logger } from '../observability/index.ts';

export interface DiscoveryWireDeps {
  readonly config: Config;
  readonly tokens: Tokens;
  readonly logger: Logger;
}

export function wireDiscovery({ config, tokens, logger }: DiscoveryWireDeps) {
  const discovery = new Discovery({ config: config.consul, serviceName: config.serviceName, logger });
  return {
    routes: [instancesRoutes({ read: () => discovery.read(), tokens })] as const,
    /** Tells Consul of the server, now that it listens on these ports; without `grpc` nobody listens for that. */
    announce({ http, grpc }: { readonly http: number; readonly grpc: number | undefined }): void {
      discovery.start({
        http: { host: config.http.host, port: http, isTls: config.http.tls !== undefined },
        ...(grpc !== undefined && { grpc: { host: config.grpc.host, port: grpc, tls: tlsOf(config.grpc) } }),
      });
    },
    close: () => discovery.close(),
  };
}

function tlsOf({ tls }: Config['grpc']): 'off' | 'on' | 'mutual' {
  if (tls === undefined) return 'off';
  return tls.caPath === undefined ? 'on' : 'mutual';
}
