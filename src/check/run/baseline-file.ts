import * as z from 'zod/mini';
import { LogtoError } from '../../errors.js';
import { itemLines } from '../../schema/item-lines.js';
import { schemaFault } from '../../schema/schema-fault.js';
import { list, oneOf, record, text } from '../../schema/vocabulary.js';
import { type Baseline, knowableOutcomes } from './baseline.js';

/** A baseline as its file has it. */
export interface BaselineFile extends Baseline {
  /** The line of each check that is known, from 1. */
  readonly lines: ReadonlyMap<string, number>;
}

/** What can be in a baseline. */
export interface KnowableChecks {
  /** The ids of all checks that there are, chosen or not. */
  readonly ids: readonly string[];
  /** What runs them: `logto-cli doctor`. */
  readonly command: string;
  /** As in "that is no …": `check of logto-cli doctor`. */
  readonly kind: string;
  /** How to see them. */
  readonly hint: string;
}

/**
 * Reads a baseline.
 *
 * @param name of the file, for what is said of it
 * @throws LogtoError `config_invalid`, which names the place as `known[2].until`
 */
export function parseBaseline(json: string, name: string, checks: KnowableChecks): BaselineFile {
  const invalid = (path: string, problem: string, hint = adviceOnForm) =>
    new LogtoError(
      'config_invalid',
      `The baseline ${name}${path === '' ? '' : `, at ${path},`} ${problem}.`,
      hint,
      { path },
    );
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    throw invalid('', 'is not JSON');
  }
  const fault = schemaFault(value, baselineSchema());
  if (fault !== null) throw invalid(fault.path, fault.problem);
  const { known } = value as Baseline;
  const seen = new Set<string>();
  for (const [index, { check }] of known.entries()) {
    const path = `known[${index}].check`;
    if (!checks.ids.includes(check)) {
      throw invalid(
        path,
        `names what is no ${checks.kind}: ${check}`,
        `Correct it, or take it out; each command has a baseline of its own. ${checks.hint}`,
      );
    }
    if (seen.has(check)) throw invalid(path, `names a check that is there already: ${check}`);
    seen.add(check);
  }
  const lines = itemLines(json, 'known');
  return {
    version: 1,
    known,
    lines: new Map(known.map(({ check }, index) => [check, lines[index] ?? 1])),
  };
}

/** A baseline as text. */
export function baselineText({ version, known }: Baseline): string {
  return `${JSON.stringify({ version, known }, null, 2)}\n`;
}

const adviceOnForm =
  'Correct it there. It is {"version": 1, "known": [{"check": "…", "outcome": "failed", "reason": "…", "until": "2026-03-31"}]}; ' +
  'until may be absent, and --update-baseline writes such a file.';

function baselineSchema() {
  return record({
    version: z.literal(1, 'must be 1'),
    known: list(
      record({
        check: text('The id of a check.'),
        outcome: oneOf(knowableOutcomes, 'How it ends.'),
        reason: text('Why that is accepted.'),
        until: z.exactOptional(day()),
      }),
      'What is known.',
    ),
  });
}

/** A day of the calendar. */
function day() {
  const problem = 'must be a day such as 2026-03-31';
  return text('The last day on which it is accepted, in UTC.', z.refine(isDay, problem));
}

function isDay(value: string): boolean {
  if (!/^\d{4}-\d\d-\d\d$/.test(value)) return false;
  const time = Date.parse(`${value}T00:00:00Z`);
  // Some engines take the 30th of February for a day of March.
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(value);
}
