/** Every setting there is, in the order in which the documentation tells them. */
import type { Settings } from './setting.ts';
import { authSettings } from './settings/auth.ts';
import { callSettings, signalingSettings } from './settings/calls.ts';
import { consulSettings } from './settings/consul.ts';
import { databaseSettings } from './settings/database.ts';
import { grpcSettings } from './settings/grpc.ts';
import { httpSettings } from './settings/http.ts';
import { ingestSettings, uploadSettings } from './settings/ingest.ts';
import { liveSettings } from './settings/live.ts';
import { recordingSettings } from './settings/recording.ts';
import { environmentSettings, serverSettings } from './settings/server.ts';
import { storageSettings } from './settings/storage.ts';
import { streamSettings } from './settings/streams.ts';
import { voipSettings } from './settings/voip.ts';
import { webrtcSettings } from './settings/webrtc.ts';

export interface SettingGroup {
  readonly title: string;
  readonly settings: Settings;
}

const groups = [
  { title: 'The server', settings: { ...environmentSettings, ...serverSettings } },
  { title: 'HTTP', settings: httpSettings },
  { title: 'Tokens', settings: authSettings },
  { title: 'Database', settings: databaseSettings },
  { title: 'WebRTC', settings: webrtcSettings },
  { title: 'Calls', settings: callSettings },
  { title: 'Signalling sockets', settings: signalingSettings },
  { title: 'WHIP and WHEP', settings: ingestSettings },
  { title: 'Consul', settings: consulSettings },
  { title: 'Streaming sessions', settings: streamSettings },
  { title: 'Phone calls', settings: voipSettings },
  { title: 'Uploads', settings: uploadSettings },
  { title: 'gRPC', settings: grpcSettings },
  { title: 'Recording', settings: recordingSettings },
  { title: 'Storage of recordings', settings: storageSettings },
  { title: 'Live streams', settings: liveSettings },
] as const;

export const settingGroups: readonly SettingGroup[] = groups;

type KeysOfEach<T> = T extends unknown ? keyof T : never;
export type SettingName = KeysOfEach<(typeof groups)[number]['settings']>;
