import { type CheckWithUser, signInsOfRun, withClauseOfUser } from './check-with-user.js';
import { codeChecks } from './code.js';
import { exchangeChecks } from './exchange.js';
import { idTokenChecks } from './id-token.js';
import { limitChecks } from './limit.js';
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

const all: readonly CheckWithUser[] = [
  ...signInChecks,
  ...codeChecks,
  ...idTokenChecks,
  ...userInfoChecks,
  ...refreshChecks,
  ...replayChecks,
  ...scopeChecks,
  ...resourceChecks,
  ...organizationChecks,
  ...exchangeChecks,
  ...sessionChecks,
  ...revocationChecks,
  ...signOutChecks,
  ...limitChecks,
];

/** Every check that signs a user in, each after those that it needs; one sign-in after the other. */
export const checksWithUser: readonly CheckWithUser[] = signInsOfRun
  .map((name) => all.filter(({ signIn = 'first' }) => signIn === name))
  .flatMap((checks, index, stages) => {
    const after = stages.slice(0, index).flatMap((stage) => stage.map(({ id }) => id));
    return checks.map((check) => withClauseOfUser({ ...check, after }));
  });
