/** Every text that the page shows or speaks, in one place, so that other languages can stand beside it. */

export const texts = {
  appName: 'Kaa',
  title: (roomId: string) => `${roomId} · Kaa`,
  you: 'You',
  nameAndYou: (name: string) => `${name} (you)`,

  lobby: {
    heading: 'Ready to join?',
    intro: 'Check how you look and sound. Nobody sees you before you join.',
    callLabel: 'Call',
    callHint: 'Letters, digits, "-" and "_". Everyone who enters the same name meets here.',
    nameLabel: 'Your name',
    namePlaceholder: 'How the others see you',
    join: 'Join the call',
    joining: 'Joining…',
    invalidCall: 'A call name has 1 to 64 letters, digits, "-" or "_".',
    camera: 'Camera',
    microphone: 'Microphone',
    noDevice: 'None found',
    unnamedDevice: (kind: string, index: number) => `${kind} ${index}`,
    cameraOff: 'Your camera is off',
    noCamera: 'No camera',
    starting: 'Starting the camera…',
    level: 'Microphone level',
    preview: 'Preview of your camera',
  },

  waiting: {
    heading: 'Waiting to be let in',
    text: (roomId: string) =>
      `Whoever hosts “${roomId}” has been told that you are here. You are in as soon as they let you in.`,
    hint: 'Keep this page open.',
    reconnecting: 'The connection was lost. Getting back in line…',
    cancel: 'Stop waiting',
  },

  controls: {
    label: 'Call controls',
    mute: 'Mute',
    unmute: 'Unmute',
    cameraOff: 'Turn camera off',
    cameraOn: 'Turn camera on',
    share: 'Share screen',
    stopShare: 'Stop sharing',
    raiseHand: 'Raise hand',
    lowerHand: 'Lower hand',
    react: 'React',
    people: 'People',
    peopleWaiting: (count: number) => `People, ${count} waiting to be let in`,
    chat: 'Chat',
    chatUnread: (count: number) => `Chat, ${count} unread`,
    leave: 'Leave',
    key: (key: string) => `(${key.toUpperCase()})`,
  },

  call: {
    people: (count: number) => (count === 1 ? '1 person' : `${count} people`),
    alone: 'Nobody else is here yet.',
    aloneHint: 'Send someone the link.',
    sharing: 'You are sharing your screen.',
    screenOf: (name: string) => `${name}'s screen`,
    pin: (name: string) => `Put ${name} on the stage`,
    unpin: (name: string) => `Take ${name} off the stage`,
    muted: 'muted',
    cameraIsOff: 'camera off',
    speaking: 'speaking',
    away: 'Reconnecting…',
    handRaised: 'hand raised',
    locked: 'Locked: nobody else can come in',
    waiting: (names: readonly string[]) =>
      names.length === 1
        ? `${names[0]} is waiting to be let in.`
        : `${names.length} people are waiting to be let in.`,
    showWaiting: 'View',
    copyInvite: 'Copy link',
    hidden: (count: number) => `+${count} more`,
    quality: { good: 'Good connection', fair: 'Fair connection', poor: 'Poor connection' },
    joined: (name: string) => `${name} joined`,
    left: (name: string) => `${name} left`,
    soundBlocked: 'The browser holds back the sound. Click anywhere to hear the others.',
  },

  recording: {
    start: 'Record the call',
    starting: 'Starting the recording…',
    stop: 'Stop recording',
    stopping: 'Stopping the recording…',
    sign: 'Recording',
    signTitle: 'Everything that is said and shown here is recorded.',
    started: 'This call is being recorded.',
    startedByYou: 'You are recording this call. Everyone sees that.',
    startedBy: (name: string) => `${name} is recording this call.`,
    stopped: {
      stopped: 'The recording was stopped.',
      'call-ended': 'The recording ended with the call.',
      'max-duration': 'The recording reached the longest time that it may take, and ended.',
      'disk-full': 'The recording ended: the server has no space left. What was recorded is kept.',
      deleted: 'The recording was stopped and deleted.',
    },
    troubles: {
      'disk-full': 'The server has no space left: at the moment nothing is recorded.',
      'timeline-not-written':
        'At the moment the recording cannot be written down. The server goes on trying.',
      'track-not-captured':
        'At the moment not everything is recorded: a camera, a microphone or a screen is missing.',
    },
    troubleOver: 'The recording goes on.',
    heading: 'Recording',
    progress: 'Progress of the recording',
    processing: 'Making the recording',
    ready: 'Recording is ready',
    readyText: 'You find it among your recordings.',
    failed: 'The recording failed',
    phases: {
      waiting: 'Waiting for its turn…',
      remuxing: 'Collecting what was recorded…',
      normalising: 'Preparing pictures and sound…',
      composing: 'Putting the picture together…',
      mixing: 'Mixing the sound…',
      encoding: 'Writing the film…',
      thumbnails: 'Making previews…',
      manifest: 'Checking the files…',
      storing: 'Storing the files…',
    },
    otherPhase: 'Working on it…',
  },

  people: {
    heading: 'People',
    close: 'Close people',
    waiting: 'Waiting to be let in',
    admit: 'Let in',
    admitName: (name: string) => `Let ${name} in`,
    refuseName: (name: string) => `Turn ${name} away`,
    inCall: 'In the call',
    away: 'Reconnecting…',
    handNumber: (place: number) => `Hand raised, number ${place}`,
    muted: 'Muted',
    mute: (name: string) => `Mute ${name}`,
    lowerHand: (name: string) => `Lower ${name}'s hand`,
    remove: (name: string) => `Remove ${name} from the call`,
  },

  invite: {
    heading: 'Invite others',
    copy: 'Copy invite link',
    copyAddress: 'Copy link to this call',
    field: 'Invite link',
    hint: 'Lets one person in, for 24 hours. Copy a new one for each guest.',
    failed: 'No invite link could be made.',
  },

  broadcast: {
    heading: 'Broadcast into this call',
    intro: 'An encoder such as OBS comes in as one more participant, over WHIP.',
    address: 'Server',
    token: 'Bearer Token',
    tokenHint:
      'Lets one encoder publish into this call, for 24 hours. Whoever has it can do so: keep it to yourself.',
    watch: 'Page for viewers',
    steps: [
      'In OBS 30 or later open Settings, Stream, and choose the service WHIP.',
      'Paste the server and the bearer token from above.',
      'Under Output choose a keyframe interval of 1 to 2 s, no B-frames, and x264 with the profile baseline.',
      'Start streaming: your picture appears in the call.',
    ],
    copy: 'Copy',
    copyName: (name: string) => `Copy: ${name}`,
    close: 'Close',
    failed: 'No token could be made for an encoder. Close this and try again.',
    guestName: 'Broadcast',
  },

  watch: {
    picture: 'What is shown of the call',
    sound: 'Turn on sound',
    states: {
      connecting: 'Connecting…',
      playing: '',
      waiting: 'Nobody is on air. This page begins to play by itself.',
      refused: 'This call cannot be watched: it is not there, or your access does not allow it.',
      closed: 'Stopped.',
    },
  },

  stream: {
    link: 'Stream',
    title: 'Stream · Kaa',
    heading: 'Stream from this browser',
    intro: 'Your camera and microphone go to everybody who opens the address below, as soon as you start.',
    toCalls: 'To the calls',
    preview: 'Preview of your camera',
    start: 'Start streaming',
    starting: 'Starting…',
    stop: 'Stop streaming',
    again: 'Stream again',
    address: 'Address for viewers',
    copy: 'Copy',
    copied: 'Copied',
    operators: 'Who is watching',
    nobody: 'Nobody yet.',
    gone: 'left',
    failed: 'The stream could not be started. Try again.',
    forbidden: 'Your invitation is for one call only. To stream, sign in with an account of this server.',
    states: {
      connecting: 'Connecting…',
      live: 'On air',
      lost: 'The connection was lost. Connecting again…',
      ended: 'The stream is over.',
      replaced: 'Somebody else sends this stream now.',
      closed: 'The stream is over.',
    },
    watching: {
      title: 'Stream',
      picture: 'What is streamed',
      sound: 'Turn on sound',
      states: {
        connecting: 'Connecting…',
        waiting: 'Nothing is on air yet. This page begins to play by itself.',
        playing: '',
        ended: 'The stream is over.',
        refused: 'This stream cannot be watched: it is over, or your access does not allow it.',
        closed: 'Stopped.',
      },
    },
  },

  host: {
    heading: 'Host controls',
    broadcast: 'Broadcast from OBS',
    lock: 'Lock the call',
    lockHint: 'Nobody else can come in.',
    end: 'End the call for everyone',
  },

  confirm: {
    cancel: 'Cancel',
    remove: {
      title: (name: string) => `Remove ${name} from the call?`,
      text: 'They are disconnected at once. To keep them from coming back, lock the call.',
      confirm: 'Remove',
    },
    end: {
      title: 'End the call for everyone?',
      text: 'Everybody is disconnected, you too.',
      confirm: 'End for everyone',
    },
  },

  reactions: {
    heading: 'Reactions',
    /** What can be sent, each with its name. */
    choices: {
      '👍': 'Thumbs up',
      '👏': 'Applause',
      '❤️': 'Heart',
      '😂': 'Laughter',
      '😮': 'Surprise',
      '🎉': 'Celebration',
    },
    announced: (name: string, reaction: string) => `${name} reacted with ${reaction}`,
    handRaised: (name: string) => `${name} raised their hand`,
  },

  chat: {
    heading: 'Chat',
    close: 'Close chat',
    empty: 'No messages yet. Say hello.',
    placeholder: 'Message everyone',
    send: 'Send',
    announced: (name: string, text: string) => `${name} says: ${text}`,
    failed: 'Your message was not sent.',
  },

  library: {
    link: 'Recordings',
    title: 'Recordings · Kaa',
    heading: 'Recordings',
    toCalls: 'To the calls',
    count: (total: number) => (total === 1 ? '1 recording' : `${total} recordings`),
    loading: 'Looking for recordings…',
    tryAgain: 'Try again',
    empty: 'No recordings yet',
    emptyText: 'Calls that you host or take part in are listed here once they are recorded.',
    forGuestsNot:
      'Your invitation is for one call only. To see recordings, sign in with an account of this server.',
    unnamed: 'Recording',
    recordingNow: 'Being recorded now',
    failed: 'Failed',
    latestTrouble: (reason: string) => `It is tried again. The last attempt failed: ${reason}`,
    play: (name: string) => `Play ${name}`,
    download: (name: string) => `Download ${name}`,
    downloadFile: (size: string) => `Download (${size})`,
    retry: (name: string) => `Make the files of ${name} again`,
    delete: (name: string) => `Delete ${name}`,
    closePlayer: 'Close the player',
    unplayable: 'This browser cannot play the recording. Download it, or try again.',
    pages: 'Pages',
    newer: 'Newer recordings',
    older: 'Older recordings',
    pageOf: (page: number, pages: number) => `Page ${page} of ${pages}`,
    deleting: {
      title: (name: string) => `Delete ${name}?`,
      text: 'All its files are deleted, for everyone. Nothing brings them back.',
      textWhileRecording:
        'The call goes on, but is not recorded any more, and what was recorded is deleted for everyone.',
      confirm: 'Delete',
    },
    announced: {
      completed: (name: string) => `${name} is ready.`,
      failed: (name: string) => `${name} could not be made.`,
      deleted: (name: string) => `${name} was deleted.`,
    },
    /** By the code of the server. */
    problems: {
      forbidden: 'Only the host of the call, or an admin, may do that.',
      unauthenticated: 'Your access has expired. Ask for a new invitation link, or sign in again.',
      recording_not_found: 'This recording is not there any more.',
      not_found: 'This file is not there any more.',
      conflict: 'It is being worked on already.',
      unreachable: 'The server cannot be reached. Check your connection and try again.',
      unavailable: 'The server cannot do that at the moment. Try again soon.',
    },
  },

  connection: {
    connecting: 'Connecting…',
    reconnecting: 'The connection was lost. Reconnecting…',
    back: 'You are back in the call.',
    expiring: 'Your access to this call ends within a minute. Ask for a new invite link to come back.',
    draining: (seconds: number) => `This server restarts in ${seconds} s. You will be reconnected by itself.`,
  },

  toasts: {
    dismiss: 'Dismiss',
    linkCopied: 'Invite link copied.',
    copyByHand: (link: string) => `Copy this link: ${link}`,
    trackEnded: { camera: 'Your camera was disconnected.', microphone: 'Your microphone was disconnected.' },
    shareFailed: 'The screen could not be shared.',
    actionFailed: (message: string) => `That did not work: ${message}`,
    muted: 'A moderator muted you. You can unmute yourself any time.',
    cameraStopped: 'A moderator turned your camera off. You can turn it on again.',
    gone: 'They are not there any more.',
    mayNotPublish: 'You may watch and listen in this call, but not publish.',
  },

  devices: {
    denied: (devices: string) =>
      `The browser was not allowed to use your ${devices}. Allow it in the address bar and reload, or join without.`,
    missing: (devices: string) => `No ${devices} was found. You can join without.`,
    busy: (devices: string) => `Another application is using your ${devices}. Close it, or join without.`,
    insecure:
      'Browsers give camera and microphone to secure pages only (https or localhost). You can join without.',
    failed: (devices: string) => `Your ${devices} could not be started. You can join without.`,
    both: 'camera and microphone',
    camera: 'camera',
    microphone: 'microphone',
  },

  access: {
    needsInvite:
      'You need an invitation link to join calls on this server. Ask whoever hosts the call for one.',
    notHere:
      'Without an invitation this server lets in only people on the machine it runs on, at http://localhost.',
    unreachable: 'The server cannot be reached. Check your connection and try again.',
  },

  ended: {
    back: 'Back to the lobby',
    left: {
      title: 'You left the call',
      text: 'It goes on without you. You can come back any time.',
      rejoin: 'Rejoin',
    },
    replaced: {
      title: 'You joined from somewhere else',
      text: 'This call is open in another tab or on another device, so it was closed here.',
      rejoin: 'Use it here',
    },
    removed: {
      title: 'You were removed from the call',
      text: 'The host took you out of it. If you think that was a mistake, ask them to invite you again.',
      rejoin: null,
    },
    notLetIn: {
      title: 'You were not let in',
      text: 'The host turned you away this time. Make sure that they know your name, then ask once more.',
      rejoin: 'Ask again',
    },
    unauthenticated: {
      title: 'Your access has expired',
      text: 'Ask for a new invitation link, or sign in again.',
      rejoin: null,
    },
    flooding: {
      title: 'Disconnected',
      text: 'This page sent too many messages and was disconnected.',
      rejoin: 'Rejoin',
    },
    protocolViolation: {
      title: 'Disconnected',
      text: 'The server did not understand this page. Reload it: there may be a newer version.',
      rejoin: null,
    },
    connectionLost: {
      title: 'The connection is gone',
      text: 'The server could not be reached for a while. Check your network and rejoin.',
      rejoin: 'Rejoin',
    },
    callEnded: {
      title: 'The call has ended',
      text: {
        'ended-by-host':
          'The host ended the call for everyone. To go on talking, start another one from the lobby.',
        empty: 'Nobody was in it any more.',
        'max-duration': 'It reached the longest time that a call may last. Start another one from the lobby.',
        'server-stopped': 'The server was stopped.',
      },
      unknown: 'It is over for everyone.',
    },
  },

  /** By the code with which the server, or the SDK, refuses. */
  refused: {
    title: 'You could not join',
    rejoin: 'Try again',
    call_full: 'The call is full. Try again when somebody has left.',
    call_locked: 'The call is locked: its host lets nobody in at the moment.',
    call_ended: 'The call has ended.',
    call_not_found: 'There is no such call. Check the link.',
    forbidden: 'You may not join this call with this invitation.',
    unauthenticated: 'Your invitation has expired. Ask for a new link.',
    rate_limited: 'Too many attempts. Wait a moment and try again.',
    unavailable: 'The server has no room for calls at the moment. Try again soon.',
    unreachable: 'The server cannot be reached, or it did not accept your invitation.',
    timeout: 'The server took too long to answer. Try again.',
    unsupported_browser:
      'This browser cannot take part in calls. Try a current Chrome, Firefox, Edge or Safari.',
    unsupported_codec: 'This browser cannot send or receive the video format of the call.',
    other: (message: string) => `The server said: ${message}`,
  },
} as const;
