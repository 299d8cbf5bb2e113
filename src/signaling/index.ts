export { contractRoutes, describeInWords } from './contract/index.ts';
export type { CallDoor } from './handlers/handler.ts';
export { SignalingHub } from './hub.ts';
export { Memberships } from './memberships.ts';
export { signalingSocket } from './socket.ts';
export { Sockets } from './sockets.ts';
export { toFrame } from './to-frame.ts';
