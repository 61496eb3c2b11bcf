import type { CommandTable, ListedValue, TableFlag, Values } from './command-table.js';
import { type Place, placeOf } from './place.js';

/** What may stand where the cursor is. */
export type Completion =
  | {
      readonly kind: 'values';
      /** What stands in the word already, and stays: `--storage=`, `pkce,`. */
      readonly prefix: string;
      /** What may come behind that, whatever has been typed of it. */
      readonly values: readonly ListedValue[];
    }
  /** A file, behind what stands in the word already. */
  | { readonly kind: 'files'; readonly prefix: string }
  /** Another program's command line, which begins with this word: 0 is the first one behind our name. */
  | { readonly kind: 'program'; readonly from: number };

/**
 * What may stand at the end of a command line.
 *
 * @param words those that are whole, without the program's name and without their quotes
 * @param current the beginning of the last one; often empty
 * @param profiles asked where a profile may stand
 */
export function complete(
  table: CommandTable,
  words: readonly string[],
  current: string,
  profiles: () => readonly string[],
): Completion {
  const place = placeOf(table, words);
  if (place === null) return nothing;
  if (place.program !== undefined) return { kind: 'program', from: place.program };
  const read = (values: Values, prefix: string, typed: string): Completion => {
    const chosen = values.kind === 'list' && values.unless && place.given.has(values.unless.flag);
    const meant = chosen ? (values.unless?.values ?? values) : values;
    return completionOf(meant, prefix, typed, { profiles, next: words.length });
  };
  if (place.flag !== undefined && !(place.flag.takes !== 'word' && current.startsWith('-'))) {
    if (place.flag.takes === 'word' || place.flag.values !== undefined)
      return read(place.flag.values ?? unknown, '', current);
  }
  if (!place.isEnded && current.startsWith('-')) {
    const end = current.indexOf('=');
    if (end === -1) return { kind: 'values', prefix: '', values: flagsAt(place, current) };
    const flag = place.flags.find(({ names }) => names.includes(current.slice(0, end)));
    return flag?.values === undefined || flag.isHidden
      ? nothing
      : read(flag.values, current.slice(0, end + 1), current.slice(end + 1));
  }
  if (place.commands.length > 0) return { kind: 'values', prefix: '', values: place.commands };
  const found = place.values === undefined ? nothing : read(place.values, '', current);
  const isNothing = found.kind === 'values' && found.values.length === 0;
  return isNothing && !place.isEnded ? { kind: 'values', prefix: '', values: flagsAt(place, '') } : found;
}

const unknown: Values = { kind: 'unknown' };

const nothing: Completion = { kind: 'values', prefix: '', values: [] };

interface Situation {
  readonly profiles: () => readonly string[];
  /** The place of the word itself. */
  readonly next: number;
}

function completionOf(values: Values, prefix: string, typed: string, situation: Situation): Completion {
  switch (values.kind) {
    case 'unknown':
      return nothing;
    case 'files':
      return { kind: 'files', prefix };
    case 'program':
      return { kind: 'program', from: situation.next };
    case 'profiles':
      return {
        kind: 'values',
        prefix,
        values: situation.profiles().map((value) => ({ value, about: 'profile' })),
      };
    case 'list':
      break;
  }
  if (values.isSeveral) {
    const end = typed.lastIndexOf(',') + 1;
    const before = typed.slice(0, end).split(',');
    const others = values.list.filter(({ value }) => !before.includes(value));
    return { kind: 'values', prefix: prefix + typed.slice(0, end), values: others };
  }
  const begun = values.list.find(({ value, goesOn }) => goesOn !== undefined && typed.startsWith(value));
  if (begun?.goesOn === undefined) return { kind: 'values', prefix, values: values.list };
  return completionOf(begun.goesOn, prefix + begun.value, typed.slice(begun.value.length), situation);
}

/** The flags that are left. Short ones are seldom looked for: they come where nothing but a dash has been typed. */
function flagsAt(place: Place, current: string): ListedValue[] {
  const isLeft = ({ names, isRepeatable, isHidden }: TableFlag) =>
    !isHidden && (isRepeatable || !names.some((name) => place.given.has(name)));
  return place.flags
    .filter(isLeft)
    .flatMap(({ names, about, takes, values }) =>
      names
        .filter((name) => name.startsWith('--') || (current.startsWith('-') && !current.startsWith('--')))
        .flatMap((name) => [
          { value: name, about },
          ...(takes === 'attached' && values !== undefined
            ? [{ value: `${name}=`, about, goesOn: values }]
            : []),
        ]),
    );
}
