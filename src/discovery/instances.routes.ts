/** `/instances`: which instances of this service there are, for admins. */
import { Type } from '@sinclair/typebox';
import { Elysia } from 'elysia';
import { authPlugin, seesAllCalls, type Tokens } from '../auth/index.ts';
import { AppError } from '../lib/index.ts';
import type { FoundInstances } from './discovery.ts';

export interface InstancesRoutesDeps {
  readonly read: () => FoundInstances;
  readonly tokens: Tokens;
}

const Answer = Type.Object(
  {
    consul: Type.Union(
      [Type.Literal('off'), Type.Literal('connecting'), Type.Literal('connected'), Type.Literal('away')],
      { description: '`away`: the list is the last one that Consul gave; `off`: it is not used' },
    ),
    instances: Type.Array(
      Type.Object({
        id: Type.String(),
        address: Type.String(),
        port: Type.Integer(),
        tags: Type.Array(Type.String()),
        isThis: Type.Boolean({ description: 'whether it is the one that answers' }),
      }),
    ),
  },
  {
    examples: [
      {
        consul: 'connected',
        instances: [
          { id: 'recording-service-a-3000', address: '10.0.0.5', port: 50051, tags: ['eu'], isThis: true },
        ],
      },
    ],
  },
);

export function instancesRoutes({ read, tokens }: InstancesRoutesDeps) {
  return new Elysia({ name: 'instances', tags: ['Operations'] }).use(authPlugin(tokens)).get(
    '/instances',
    ({ identity }) => {
      if (!seesAllCalls(identity)) {
        throw new AppError('forbidden', 'Only an admin may see which instances there are.');
      }
      const { consul, instances } = read();
      return { consul, instances: instances.map(({ tags, ...rest }) => ({ ...rest, tags: [...tags] })) };
    },
    {
      response: Answer,
      detail: {
        summary: 'The instances of this service that are in good health',
        description: 'For admins. As Consul tells it, where it is used.',
      },
    },
  );
}
