export { jsonBodies, limitBodies } from './bodies.ts';
export { httpErrors } from './errors.ts';
export { healthRoutes, type ReadinessCheck } from './health.routes.ts';
export { type OriginCheck, originCheck } from './origins.ts';
export { type Page, Pagination, pageFields, paginate, toPage } from './pages.ts';
export { publicBaseUrl, signalingUrl } from './public-address.ts';
export { takeRawFrames } from './raw-socket.ts';
export { webAppRoutes } from './web-app.routes.ts';
export { buildWebApp, type WebBundle } from './web-bundle.ts';
