export type { Endpoint, EndpointEvents } from './endpoint/endpoint.ts';
export type { EndpointStats } from './endpoint/flow-stats.ts';
export type { NativeEndpoint } from './endpoint/native.ts';
export type { EndpointTotals } from './endpoint/totals.ts';
export { type IceServerOptions, iceServersFor } from './ice-servers.ts';
export { MediaServer, type MediaServerOptions } from './media-server.ts';
export type { DataChannel } from './room/data-channel.ts';
export type { Publication } from './room/publication.ts';
export type { Room } from './room/room.ts';
