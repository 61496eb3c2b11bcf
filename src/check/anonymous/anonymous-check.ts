import type { ClausedCheck } from '../claused-check.js';
import type { AnonymousSubject } from './anonymous-subject.js';

/**
 * One of the checks that need no user. What endangers sign-ins or misleads applications is a failure; what differs from
 * its clause and does no harm by itself is a warning.
 */
export type AnonymousCheck = ClausedCheck<AnonymousSubject>;
