import type { CheckOutcome } from '../run/check.js';

/** What a visit of somebody's own cannot show, so that a check cannot tell. */
export class Untold extends Error {
  constructor(
    message: string,
    /** Whether nobody can find it out so, or it should have been shown. */
    readonly outcome: Extract<CheckOutcome, 'skipped' | 'incomplete'> = 'skipped',
    readonly hint?: string,
  ) {
    super(message);
  }
}

/** The first line of what somebody's own code threw, short enough to be told. */
export function firstLine(error: unknown): string {
  const [line = ''] = String(error instanceof Error ? error.message : error).split('\n');
  return line.length > 200 ? `${line.slice(0, 200)}…` : line;
}
