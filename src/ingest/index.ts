export { ingestGate } from './http/gate.routes.ts';
export { whepRoutes } from './whep/whep.routes.ts';
export { Whep } from './whep/whep.ts';
export { whipRoutes } from './whip/whip.routes.ts';
export { Whip } from './whip/whip.ts';
