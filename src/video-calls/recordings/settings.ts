/** What the settings of a call say of its recordings. */
import { Value } from '@sinclair/typebox/value';
import type { CallRow } from '../../db/index.ts';
import { RecordingLayout } from '../../protocol/index.ts';
import type { CallSettings } from '../../recording/index.ts';

export function recordingSettings({ title, settings }: CallRow): CallSettings {
  const { allowRecording, recordingLayout } = settings;
  return {
    title,
    isRecordingAllowed: allowRecording !== false,
    layout: Value.Check(RecordingLayout, recordingLayout) ? recordingLayout : undefined,
  };
}

/** Whether it is recorded from its first participant on, without anybody asking. */
export function recordsByItself({ settings }: CallRow): boolean {
  return settings.autoRecord === true && settings.allowRecording !== false;
}
