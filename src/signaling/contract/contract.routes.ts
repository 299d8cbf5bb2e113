/** `/asyncapi`: the contract of the signalling socket, for programs that read it. */
import { Elysia } from 'elysia';
import { publicBaseUrl, signalingUrl } from '../../http/index.ts';
import { describeAsAsyncApi, type SocketLimits } from './asyncapi.ts';

export interface ContractRoutesDeps {
  readonly limits: SocketLimits;
  /** As configured; the address of the request when undefined. */
  readonly baseUrl: string | undefined;
}

export function contractRoutes({ limits, baseUrl }: ContractRoutesDeps) {
  return new Elysia({ name: 'signaling-contract', tags: ['Documentation'] }).get(
    '/asyncapi',
    ({ request }) => describeAsAsyncApi(signalingUrl(publicBaseUrl(request, baseUrl)), limits),
    {
      detail: {
        summary: 'The signalling socket as an AsyncAPI 3.0 document',
        description: 'In words: docs/signaling.md.',
        security: [],
      },
    },
  );
}
