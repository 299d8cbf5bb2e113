export { ingestGate } from './http/gate.routes.ts';
export { whipRoutes } from './whip/whip.routes.ts';
export { Whip } from './whip/whip.ts';
