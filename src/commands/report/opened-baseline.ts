import { access, constants, stat } from 'node:fs/promises';
import { judgedByBaseline, unwrittenReason, updatedBaseline } from '../../check/run/baseline.js';
import { baselineText, type KnowableChecks, parseBaseline } from '../../check/run/baseline-file.js';
import { type ChecksReport, outcomeOf } from '../../check/run/run-checks.js';
import { LogtoError } from '../../errors.js';
import { readNamedText } from '../../read-file.js';
import type { CommandContext } from '../../session/command-context.js';
import { proveReplaceable, writeNamedFile } from '../../storage/replace-file.js';
import type { PlaceOf } from './check-place.js';

/** The flags of a command whose failures can be known. */
export interface BaselineFlags {
  readonly baseline?: string;
  readonly updateBaseline?: boolean;
}

/** A run as the baseline sees it. */
export interface JudgedRun {
  readonly report: ChecksReport;
  /** Where the baseline speaks of a check; of one that it does not know, where it begins. */
  readonly placeOf?: PlaceOf;
  /** Why the baseline could not be written. */
  readonly unwritten: LogtoError | null;
  /** Says what there is to say of the baseline, on stderr. */
  readonly tell: () => void;
}

/**
 * Reads the baseline of a run and, where it is to be written, makes sure that it can be.
 *
 * @returns what judges the run, and writes the baseline anew where that is wanted
 * @throws LogtoError `config_invalid`
 */
export async function openBaseline(
  { runtime, output }: CommandContext,
  path: string,
  isUpdate: boolean,
  checks: KnowableChecks,
): Promise<(found: ChecksReport) => Promise<JudgedRun>> {
  const isNew = isUpdate && (await stat(path).catch(codeOf)) === 'ENOENT';
  const text = isNew ? baselineText({ version: 1, known: [] }) : await read(path);
  const written = parseBaseline(text, path, checks);
  if (isUpdate) await proveWritable(path);
  return async (found) => {
    const before = isUpdate ? updatedBaseline(found.checks, written) : written;
    const newText = baselineText(before);
    const isChanged = isNew || newText !== baselineText(written);
    const unwritten = isUpdate && isChanged ? await write(path, newText) : null;
    const baseline =
      isUpdate && isChanged && unwritten === null ? parseBaseline(newText, path, checks) : written;
    const { checks: judged, stale } = judgedByBaseline(found.checks, baseline, runtime.now());
    return {
      report: { ...found, outcome: stale.length > 0 ? 'failed' : outcomeOf(judged), checks: judged, stale },
      placeOf: (id) => ({ file: path, line: baseline.lines.get(id) ?? 1 }),
      unwritten,
      tell() {
        if (isUpdate && unwritten === null) output.note(changes(path, written.known, baseline.known));
        const silent = baseline.known.filter(({ reason }) => reason === unwrittenReason);
        if (silent.length === 0) return;
        const names = silent.map(({ check }) => check).join(', ');
        output.warn(`The baseline ${path} has no reason yet for ${names}: write why that is accepted.`);
      },
    };
  };
}

function changes(
  path: string,
  before: readonly { readonly check: string }[],
  after: readonly { readonly check: string }[],
): string {
  const without = (some: typeof before, others: typeof before) =>
    some.filter(({ check }) => !others.some((other) => other.check === check)).length;
  const [added, removed] = [without(after, before), without(before, after)];
  return `The baseline ${path} knows of ${after.length}: ${added} added, ${removed} taken out.`;
}

function read(path: string): Promise<string> {
  return readNamedText(
    path,
    (why) =>
      new LogtoError(
        'config_invalid',
        `The baseline (--baseline) cannot be read: ${path} (${why}).`,
        'Give the path of a baseline, or have one written: add --update-baseline',
      ),
  );
}

async function proveWritable(path: string): Promise<void> {
  try {
    proveReplaceable(path);
  } catch (error) {
    // A file that is mounted into a container stands in a directory that takes no other.
    const isWritable = await access(path, constants.W_OK).then(
      () => true,
      () => false,
    );
    if (!isWritable) throw unwritable(path, error);
  }
}

async function write(path: string, text: string): Promise<LogtoError | null> {
  try {
    await writeNamedFile(path, text);
    return null;
  } catch (error) {
    return unwritable(path, error);
  }
}

function unwritable(path: string, error: unknown): LogtoError {
  return new LogtoError(
    'config_invalid',
    `The baseline (--update-baseline) cannot be written: ${path} (${codeOf(error)}).`,
    'Give a file in a directory that exists and is yours to write to.',
  );
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? 'unknown';
}
