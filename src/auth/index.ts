export { devTokenRoutes } from './dev-token.routes.ts';
export { type Grant, type Identity, ROLES, type Role } from './identity.ts';
export {
  type CallFacts,
  mayCreateCalls,
  mayJoin,
  mayManage,
  maySee,
  permissionsIn,
  seesAllCalls,
} from './permissions.ts';
export { authPlugin, upgradeToken } from './plugin.ts';
export { type ResumeClaims, ResumeTokens } from './resume-tokens.ts';
export { type IssuedToken, Tokens } from './tokens.ts';
export { unauthenticated } from './verifier.ts';
