export { openServer, type ServerOptions, type SslMode } from './open-server.ts';
