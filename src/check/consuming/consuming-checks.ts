import { codeChecks } from './code.js';
import { type ConsumingCheck, withClauseOfUser } from './consuming-check.js';
import { idTokenChecks } from './id-token.js';
import { organizationChecks } from './organization.js';
import { refreshChecks } from './refresh.js';
import { replayChecks } from './replay.js';
import { resourceChecks } from './resource.js';
import { revocationChecks } from './revocation.js';
import { scopeChecks } from './scope.js';
import { sessionChecks } from './session.js';
import { signInChecks } from './sign-in.js';
import { signOutChecks } from './sign-out.js';
import { userInfoChecks } from './userinfo.js';

/** Every check that signs a user in, each after those that it needs. */
export const consumingChecks: readonly ConsumingCheck[] = [
  ...signInChecks,
  ...codeChecks,
  ...idTokenChecks,
  ...userInfoChecks,
  ...refreshChecks,
  ...replayChecks,
  ...scopeChecks,
  ...resourceChecks,
  ...organizationChecks,
  ...sessionChecks,
  ...revocationChecks,
  ...signOutChecks,
].map(withClauseOfUser);
