/** The bare side of the relay, as a process of its own: a loop of `ws.send`, and nothing else. */
import type { ServerWebSocket } from 'bun';
import { serve } from '../processes/serve.ts';

export type BareRelayMethods = {
  /** Where to connect: the source at `/source`, everybody else at `/operator`. */
  start(nothing: null): Promise<string>;
};

const MAX_PAYLOAD_BYTES = 11 * 1024 * 1024;

interface Role {
  readonly isSource: boolean;
}

serve({
  start: async () => {
    const operators = new Set<ServerWebSocket<Role>>();
    const server = Bun.serve<Role>({
      hostname: '127.0.0.1',
      port: 0,
      fetch(request, listener) {
        const isSource = new URL(request.url).pathname === '/source';
        return listener.upgrade(request, { data: { isSource } })
          ? undefined
          : new Response(null, { status: 400 });
      },
      websocket: {
        maxPayloadLength: MAX_PAYLOAD_BYTES,
        idleTimeout: 0,
        open(ws) {
          if (!ws.data.isSource) operators.add(ws);
        },
        message(_ws, frame) {
          for (const operator of operators) operator.send(frame);
        },
        close(ws) {
          operators.delete(ws);
        },
      },
    });
    return `ws://127.0.0.1:${server.port}`;
  },
} satisfies BareRelayMethods);
