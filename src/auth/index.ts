export { devTokenRoutes } from './dev-token.routes.ts';
export { Grant, type Identity, ROLES, type Role } from './identity.ts';
export { LinkTokens } from './link-tokens.ts';
export { isSameOrNarrower } from './narrowing.ts';
export {
  type CallFacts,
  forIngest,
  mayCreateCalls,
  mayJoin,
  mayManage,
  mayManageUpload,
  mayModerate,
  maySee,
  mayUpload,
  missingRights,
  participantGrant,
  permissionsIn,
  permissionsToGive,
  seesAllCalls,
  seesHidden,
} from './permissions.ts';
export { anybodyPlugin, authPlugin, type Opener, openerPlugin } from './plugin.ts';
export { type ResumeClaims, ResumeTokens } from './resume-tokens.ts';
export { type IssuedToken, type TokenRequest, Tokens } from './tokens.ts';
export { acceptedSubprotocol, upgradeToken } from './upgrade-token.ts';
export { unauthenticated } from './verifier.ts';
export { identityOf, type Visitor } from './visitor.ts';
