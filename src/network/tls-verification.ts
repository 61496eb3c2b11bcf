import type { Environment } from './proxy-for.js';

/** The variable that lets Node.js take any certificate where it is 0. */
export const verificationVariable = 'NODE_TLS_REJECT_UNAUTHORIZED';

/**
 * Whether the environment tells Node.js to verify no certificate. This program verifies them all the same, and says so:
 * whoever set it expects something else.
 */
export function isVerificationSwitchedOff(environment: Environment): boolean {
  return environment[verificationVariable] === '0';
}
