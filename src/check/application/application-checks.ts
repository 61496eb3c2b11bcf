import { withClause } from '../run/claused-check.js';
import type { ApplicationCheck } from './application-check.js';
import { backChannelChecks } from './back-channel.js';
import { callbackChecks } from './callback.js';
import { idTokenChecks } from './id-token.js';
import { providerChecks } from './provider.js';
import { firstRequestChecks, requestChecks } from './request.js';
import { returnChecks } from './return.js';
import { sessionChecks } from './session.js';
import { signOutChecks } from './sign-out.js';
import { signUpChecks } from './sign-up.js';
import { soundChecks } from './sound.js';
import { soundKeyChecks } from './sound-keys.js';
import { tokenChecks } from './token.js';
import { userinfoChecks } from './userinfo.js';

/** Every check of an application, in the order of the report: what a check needs comes before it. */
export const applicationChecks: readonly ApplicationCheck[] = [
  ...firstRequestChecks,
  ...soundChecks,
  ...signUpChecks,
  ...soundKeyChecks,
  ...requestChecks,
  ...callbackChecks,
  ...idTokenChecks,
  ...tokenChecks,
  ...userinfoChecks,
  ...sessionChecks,
  ...returnChecks,
  ...signOutChecks,
  ...backChannelChecks,
  // Last: one that was not started from here, and does not recover, fails whatever comes after.
  ...providerChecks,
].map((check) => ({ ...check, ...withClause(check) }));
