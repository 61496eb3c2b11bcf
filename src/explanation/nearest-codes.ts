import { type ErrorCode, exitCodes } from '../errors.js';
import { explanations } from './explanations.js';
import { nearestNames } from './nearest-names.js';

const codes = Object.keys(exitCodes) as readonly ErrorCode[];

/** More of them are no answer to a question. */
const most = 5;

/** The code that a person means: case does not matter, nor dashes for underscores. `null` for none. */
export function codeNamed(word: string): ErrorCode | null {
  const name = word.toLowerCase().replaceAll('-', '_');
  return codes.find((code) => code === name) ?? null;
}

/**
 * Codes that somebody may have meant, a few at most: those with a word in their name that begins so, else those that are a
 * slip of the hand away from it, else those that begin as it does and end with another word, else those whose pages speak of
 * it, such as `invalid_grant`.
 */
export function nearestCodes(word: string): readonly ErrorCode[] {
  const name = word.toLowerCase().replaceAll('-', '_').slice(0, 60);
  if (name.length < 3) return [];
  const named = codes.filter((code) => `_${code}`.includes(`_${name}`));
  const misspelt = nearestNames(name, codes) as readonly ErrorCode[];
  const [, beginning] = /^(\w+_\w+_)[^_]+$/.exec(name) ?? [];
  const akin = codes.filter((code) => beginning !== undefined && code.startsWith(beginning));
  const speaking = codes.filter((code) => name.length > 3 && wordsOf(explanations[code]).has(name));
  // A word of many pages says nothing of any.
  const telling = speaking.length > most ? [] : speaking;
  return ([named, misspelt, akin, telling].find(({ length }) => length > 0) ?? []).slice(0, most);
}

/** The words of a page, whole: nobody means what a word happens to have in it. */
function wordsOf(page: unknown): ReadonlySet<string> {
  return new Set(JSON.stringify(page).toLowerCase().match(/\w+/g));
}
