/** Wires the server to Consul: registered while it listens, with a route that tells of its other instances. */
import type { Config } from '../config/index.ts';
import { Discovery, instancesRoutes } from '../discovery/index.ts';
import { runInBackground } from '../observability/index.ts';
import type { Bound, ServerParts } from './feature.ts';

export function wireDiscovery({ config, tokens, logger }: Pick<ServerParts, 'config' | 'tokens' | 'logger'>) {
  const discovery = new Discovery({ config: config.consul, serviceName: config.serviceName, logger });
  return {
    routes: [instancesRoutes({ read: () => discovery.read(), tokens })] as const,
    /** Tells Consul of the server, now that it listens. */
    announce({ http, grpc }: Bound): void {
      discovery.start({
        http: { host: config.http.host, port: http, isTls: config.http.tls !== undefined },
        ...(grpc !== undefined && { grpc: { host: config.grpc.host, port: grpc, tls: tlsOf(config.grpc) } }),
      });
    },
    /** Nobody shall be sent here any more; what Consul makes of it need not be waited for. */
    announceDraining: () => runInBackground(discovery.close(), 'leaving Consul', logger),
    close: () => discovery.close(),
  };
}

function tlsOf({ tls }: Config['grpc']): 'off' | 'on' | 'mutual' {
  if (tls === undefined) return 'off';
  return tls.caPath === undefined ? 'on' : 'mutual';
}
