/** What the page knows: everything that is drawn follows from this. */
import type {
  CallState,
  ChatMessage,
  CurrentRecording,
  LobbyGuest,
  Permissions,
  TrackSource,
} from '../client/index.ts';

export type Screen = 'lobby' | 'waiting' | 'call' | 'ended';

/** What stands beside the tiles. */
export type Panel = 'chat' | 'people';

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
  /** False while their connection is lost and may come back. */
  readonly isConnected: boolean;
  readonly handRaisedAt: Date | null;
  readonly tracks: readonly TrackView[];
}

/** A reaction while it is seen. */
export interface FloatingReaction {
  readonly id: number;
  readonly name: string;
  readonly reaction: string;
}

/** What is asked before it is done: it cannot be undone. */
export type Confirmation =
  | { readonly kind: 'remove'; readonly userId: string; readonly name: string }
  | { readonly kind: 'end' };

export interface Toast {
  readonly id: number;
  readonly kind: 'info' | 'error';
  readonly text: string;
}

/** What we may do in this call. */
export type Rights = Pick<Permissions, 'publish' | 'data' | 'moderate' | 'record'>;

/** What becomes of the recording that was stopped while we were there. */
export type FinishingView =
  | {
      readonly status: 'processing';
      readonly recordingId: string;
      readonly phase: string;
      /** 0 to 1. */
      readonly progress: number;
    }
  | { readonly status: 'completed'; readonly recordingId: string }
  | { readonly status: 'failed'; readonly recordingId: string; readonly reason: string };

export interface EndedView {
  readonly title: string;
  readonly text: string;
  /** What the button says that goes back in; null where that makes no sense. */
  readonly rejoin: string | null;
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
  /** When we raised our hand; null while it is down. */
  readonly handRaisedAt: Date | null;
  readonly reactions: readonly FloatingReaction[];
  readonly isReactionPickerOpen: boolean;
  readonly panel: Panel | null;
  /** Who waits to be let in; empty for all but moderators. */
  readonly waiting: readonly LobbyGuest[];
  readonly isLocked: boolean;
  /** What is recorded of this call now. */
  readonly recording: CurrentRecording | null;
  /** Whether we have asked for its start or its end, and are not answered yet. */
  readonly isRecordingPending: boolean;
  /** Null when there is nothing to tell. */
  readonly finishing: FinishingView | null;
  /** The newest one that was made here. */
  readonly inviteLink: string | null;
  /** While somebody looks how an encoder comes in: the token for it, once it is there. */
  readonly broadcast: { readonly token?: string; readonly isRefused?: boolean } | null;
  readonly confirmation: Confirmation | null;
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
    rights: { publish: ['microphone', 'camera', 'screen'], data: true, moderate: false, record: false },
    isStartingDevices: true,
    camera: NO_DEVICE,
    microphone: NO_DEVICE,
    deviceProblem: null,
    lobbyProblem: null,
    isSharingScreen: false,
    participants: [],
    activeSpeaker: null,
    pinnedTile: null,
    handRaisedAt: null,
    reactions: [],
    isReactionPickerOpen: false,
    panel: null,
    waiting: [],
    isLocked: false,
    recording: null,
    isRecordingPending: false,
    finishing: null,
    inviteLink: null,
    broadcast: null,
    confirmation: null,
    messages: [],
    unreadCount: 0,
    isSoundBlocked: false,
    toasts: [],
    announcement: '',
    ended: { title: '', text: '', rejoin: null },
  };
}
