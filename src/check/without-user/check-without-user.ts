import type { ClausedCheck } from '../run/claused-check.js';
import type { TestedProvider } from '../tested-provider.js';

/**
 * One of the checks that need no user. What endangers sign-ins or misleads applications is a failure; what differs from
 * its clause and does no harm by itself is a warning.
 */
export type CheckWithoutUser = ClausedCheck<TestedProvider>;
