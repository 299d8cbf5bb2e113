/** Where the files of recordings are kept. */
import { join, resolve } from 'node:path';
import { choice, text } from '../format.ts';
import { type Reader, readSettings } from '../read.ts';
import { optional, setting } from '../setting.ts';

const PROVIDERS = ['local'] as const;

export const storageSettings = {
  RECORDING_STORAGE_PROVIDER: setting(choice(PROVIDERS), {
    default: 'local',
    doc: 'Where the files of recordings are kept: local is a folder of this machine.',
  }),
  RECORDING_OUTPUT_DIR: optional(text('the path of a folder'), {
    doc: 'The folder of the local provider. A relative path starts at the working directory.',
    defaultText: 'recordings in DATA_DIR',
  }),
};

export interface StorageConfig {
  readonly provider: (typeof PROVIDERS)[number];
  /** Absolute; of the local provider. */
  readonly outputDir: string;
}

export function readStorage(reader: Reader, dataDir: string): StorageConfig {
  const values = readSettings(storageSettings, reader);
  const { RECORDING_OUTPUT_DIR } = values;
  return {
    provider: values.RECORDING_STORAGE_PROVIDER,
    outputDir:
      RECORDING_OUTPUT_DIR === undefined
        ? join(dataDir, 'recordings')
        : resolve(reader.cwd, RECORDING_OUTPUT_DIR),
  };
}
