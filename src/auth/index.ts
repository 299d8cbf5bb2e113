export { devTokenRoutes } from './dev-token.routes.ts';
export { type Grant, type Identity, ROLES, type Role } from './identity.ts';
export { isSameOrNarrower } from './narrowing.ts';
export {
  type CallFacts,
  mayCreateCalls,
  mayJoin,
  mayManage,
  maySee,
  permissionsIn,
  seesAllCalls,
} from './permissions.ts';
export { authPlugin } from './plugin.ts';
export { type ResumeClaims, ResumeTokens } from './resume-tokens.ts';
export { type IssuedToken, type TokenRequest, Tokens } from './tokens.ts';
export { acceptedSubprotocol, upgradeToken } from './upgrade-token.ts';
