/** The machine and the versions under a result: without them a number says nothing. */
import { cpus, loadavg, release, totalmem } from 'node:os';
import { version as mediasoupVersion } from 'mediasoup';

export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly kernel: string;
  readonly bun: string;
  readonly mediasoup: string;
  /** Over 1, 5 and 15 minutes, when the run began: what else the machine did. */
  readonly loadAverage: readonly number[];
}

export function describeMachine(): Machine {
  const processors = cpus();
  return {
    cpu: processors[0]?.model.trim() ?? 'unknown',
    cores: processors.length,
    memoryGiB: Math.round((totalmem() / 1024 ** 3) * 10) / 10,
    kernel: release(),
    bun: Bun.version,
    mediasoup: mediasoupVersion,
    loadAverage: loadavg().map((load) => Math.round(load * 100) / 100),
  };
}
