/** The clock of the legs in a process of its own, with nothing to do: how late a timer is on this machine as it is now. */
import { Ticker } from '../../src/voip/index.ts';
import { serve } from '../processes/serve.ts';

export type ClockMethods = {
  /** Since it started. */
  read(nothing: null): Promise<{ ticks: number; late: number }>;
};

const clock = new Ticker(() => {});
clock.add(() => {});

const methods: ClockMethods = { read: async () => clock.punctuality };
serve(methods);
