import type { ClausedCheck } from '../run/claused-check.js';
import type { ApplicationOptions } from './application-options.js';
import type { TestedApplication } from './tested-application.js';
import type { VisitingWords } from './visiting.js';

/** One question about an application. */
export interface ApplicationCheck extends ClausedCheck<TestedApplication> {
  /**
   * Of a check that can only be done with an address that nobody can find: why it is skipped, and what names that
   * address; `null` where it is known.
   */
  readonly missing?: (options: ApplicationOptions, words: VisitingWords) => string | null;
}
