import type { ClausedCheck } from '../run/claused-check.js';
import type { TestedApplication } from './tested-application.js';

/** One question about an application. */
export type ApplicationCheck = ClausedCheck<TestedApplication>;
