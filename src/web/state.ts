/** What the page knows: everything that is drawn follows from this. */
import type { CallState, ChatMessage, Permissions, TrackSource } from '../client/index.ts';

export type Screen = 'lobby' | 'call' | 'ended';

/** One of our devices that can be turned on and off. */
export interface DeviceState {
  readonly isOn: boolean;
  /** Null while it is off, missing or not allowed. */
  readonly track: MediaStreamTrack | null;
  readonly deviceId: string | null;
  readonly available: readonly { readonly deviceId: string; readonly label: string }[];
}

/** A track of somebody else, as it is right now. */
export interface TrackView {
  readonly trackId: string;
  readonly source: TrackSource;
  readonly mediaTrack: MediaStreamTrack | null;
  readonly isPaused: boolean;
  readonly score: number | null;
  readonly spatialLayer: number | null;
}

export interface ParticipantView {
  readonly userId: string;
  readonly name: string;
  readonly tracks: readonly TrackView[];
}

export interface Toast {
  readonly id: number;
  readonly kind: 'info' | 'error';
  readonly text: string;
}

/** What we may do in this call. */
export type Rights = Pick<Permissions, 'publish' | 'data'>;

export interface EndedView {
  readonly title: string;
  readonly text: string;
}

export interface AppState {
  readonly screen: Screen;
  readonly roomId: string;
  readonly name: string;
  /** Ours, as the server knows us; empty before the first join. */
  readonly userId: string;
  readonly connection: CallState;
  readonly rights: Rights;
  readonly isStartingDevices: boolean;
  readonly camera: DeviceState;
  readonly microphone: DeviceState;
  readonly deviceProblem: string | null;
  readonly lobbyProblem: string | null;
  readonly isSharingScreen: boolean;
  readonly participants: readonly ParticipantView[];
  readonly activeSpeaker: string | null;
  /** The tile that somebody put on the stage. */
  readonly pinnedTile: string | null;
  readonly isChatOpen: boolean;
  readonly messages: readonly ChatMessage[];
  readonly unreadCount: number;
  readonly isSoundBlocked: boolean;
  readonly toasts: readonly Toast[];
  readonly announcement: string;
  readonly ended: EndedView;
}

const NO_DEVICE: DeviceState = { isOn: true, track: null, deviceId: null, available: [] };

export function initialState(roomId: string, name: string): AppState {
  return {
    screen: 'lobby',
    roomId,
    name,
    userId: '',
    connection: { status: 'idle' },
    rights: { publish: ['microphone', 'camera', 'screen'], data: true },
    isStartingDevices: true,
    camera: NO_DEVICE,
    microphone: NO_DEVICE,
    deviceProblem: null,
    lobbyProblem: null,
    isSharingScreen: false,
    participants: [],
    activeSpeaker: null,
    pinnedTile: null,
    isChatOpen: false,
    messages: [],
    unreadCount: 0,
    isSoundBlocked: false,
    toasts: [],
    announcement: '',
    ended: { title: '', text: '' },
  };
}
