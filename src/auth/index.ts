export { devTokenRoutes } from './dev-token.routes.ts';
export { Grant, type Identity, ROLES, type Role } from './identity.ts';
export {
  type CallFacts,
  mayCreateCalls,
  mayJoin,
  mayManage,
  mayModerate,
  maySee,
  missingRights,
  participantGrant,
  permissionsIn,
  permissionsToGive,
  seesAllCalls,
  seesHidden,
} from './permissions.ts';
export { authPlugin, upgradeToken } from './plugin.ts';
export { type ResumeClaims, ResumeTokens } from './resume-tokens.ts';
export { type IssuedToken, type TokenRequest, Tokens, unauthenticated } from './tokens.ts';
