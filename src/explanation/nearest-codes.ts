import { type ErrorCode, exitCodes } from '../errors.js';
import { editDistance } from './edit-distance.js';
import { explanations } from './explanations.js';

const codes = Object.keys(exitCodes) as readonly ErrorCode[];

/** The code that a person means: case does not matter, nor dashes for underscores. `null` for none. */
export function codeNamed(word: string): ErrorCode | null {
  const name = word.toLowerCase().replaceAll('-', '_');
  return codes.find((code) => code === name) ?? null;
}

/**
 * Codes that somebody may have meant, the nearest first, at most 5: those with the word in their name, else those that
 * a slip of the hand away from it, else those whose pages speak of it, such as `invalid_grant`.
 */
export function nearestCodes(word: string): readonly ErrorCode[] {
  const name = word.toLowerCase().replaceAll('-', '_');
  if (name.length < 3) return [];
  const named = codes.filter((code) => code.includes(name));
  const misspelt = codes
    .map((code) => ({ code, distance: editDistance(name, code) }))
    .filter(({ code, distance }) => distance <= Math.ceil(code.length / 4))
    .sort((one, other) => one.distance - other.distance)
    .map(({ code }) => code);
  const speaking = codes.filter((code) => JSON.stringify(explanations[code]).toLowerCase().includes(name));
  return ([named, misspelt, speaking].find(({ length }) => length > 0) ?? []).slice(0, 5);
}
