import type { CheckReport } from '../../check/run/check.js';
import type { ChecksReport } from '../../check/run/run-checks.js';
import type { PlaceOf } from './check-place.js';

/** One application or several, and their provider. */
export interface ChecksTarget {
  readonly issuer: string;
  readonly appId: string;
}

/** What a report calls a run. */
export interface Suite {
  /** The command: reports of several runs are told apart by it. */
  readonly name: string;
  /** Begins a sentence: what was checked. */
  readonly subject: string;
  /** Facts about it. */
  readonly properties: Readonly<Record<string, string>>;
}

/** A run that has ended. */
export interface FinishedChecks extends ChecksReport {
  readonly target?: ChecksTarget;
  /** Default: that of an application at its provider. */
  readonly suite?: Suite;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly seconds: number;
  /** Why nothing was checked, or not everything: the one check of such a run. */
  readonly failure?: CheckReport & { readonly code: string };
  /** The line of the file of scenarios that a check is. */
  readonly placeOf?: PlaceOf;
  /** The line of the baseline that speaks of a check; of one that it does not know, its first. */
  readonly baselinePlaceOf?: PlaceOf;
}
