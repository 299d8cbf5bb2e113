/** What Consul answers when it is asked for the instances of a service. */
import { Type } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';

export interface Instance {
  readonly id: string;
  readonly address: string;
  readonly port: number;
  readonly tags: readonly string[];
}

export interface Passing {
  /** To be given with the next query; 0 when the answer had none. */
  readonly index: number;
  readonly instances: readonly Instance[];
}

const Entries = Type.Array(
  Type.Object({
    Node: Type.Object({ Address: Type.String() }),
    Service: Type.Object({
      ID: Type.String({ minLength: 1 }),
      /** Empty: that of the node. */
      Address: Type.String(),
      Port: Type.Integer({ minimum: 0, maximum: 65_535 }),
      Tags: Type.Union([Type.Array(Type.String()), Type.Null()]),
    }),
  }),
);

/** Rejects when it is not what Consul's documentation describes. */
export async function readPassing(response: Response): Promise<Passing> {
  const entries: unknown = await response.json();
  if (!Value.Check(Entries, entries)) {
    const [first] = [...Value.Errors(Entries, entries)];
    throw new Error(`Consul's list of instances is not understood: ${first?.path} ${first?.message}`);
  }
  const index = Number(response.headers.get('x-consul-index'));
  return {
    index: Number.isSafeInteger(index) ? index : 0,
    instances: entries.map(({ Node, Service }) => ({
      id: Service.ID,
      address: Service.Address || Node.Address,
      port: Service.Port,
      tags: Service.Tags ?? [],
    })),
  };
}
