import { isDeepStrictEqual } from 'node:util';
import type { Expectation } from './expectation.js';

/** An assertion that does not hold. */
export interface UnmetExpectation {
  /** As it was written. */
  readonly expected: string;
  /** What was there instead, as JSON, shortened; `nothing` when there was nothing. */
  readonly seen: string;
}

const longestSeen = 200;

/**
 * Evaluates every assertion, and returns those that do not hold, in their order.
 *
 * A path is followed through objects and, by number, lists. The whole of what is left of it is tried as one name first,
 * so that a claim may have dots in its name. `null` is no value: Logto writes absent claims so.
 */
export function unmetExpectations(
  expectations: readonly Expectation[],
  result: Readonly<Record<string, unknown>>,
): UnmetExpectation[] {
  return expectations.flatMap((expectation) => {
    const found = valueAt(result, expectation.path);
    return holds(expectation, found) ? [] : [{ expected: expectation.text, seen: describe(found) }];
  });
}

function holds({ comparison, value }: Expectation, found: unknown): boolean {
  const isPresent = found !== undefined && found !== null;
  switch (comparison) {
    case 'present':
      return isPresent;
    case 'absent':
      return !isPresent;
    case 'equals':
      return isPresent && (asText(found) === value || isSameJson(found, value));
    case 'matches':
      return isPresent && new RegExp(value, 'u').test(asText(found));
    case 'includes':
      return elementsOf(found).some((element) => asText(element) === value);
    case 'includes-match':
      return elementsOf(found).some((element) => new RegExp(value, 'u').test(asText(element)));
    case 'at-least':
      return typeof found === 'number' && found >= Number(value);
    case 'at-most':
      return typeof found === 'number' && found <= Number(value);
    case 'more-than':
      return typeof found === 'number' && found > Number(value);
    case 'less-than':
      return typeof found === 'number' && found < Number(value);
  }
}

function valueAt(value: unknown, path: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  if (isMember(value, path)) return (value as Record<string, unknown>)[path];
  for (let dot = path.lastIndexOf('.'); dot > 0; dot = path.lastIndexOf('.', dot - 1)) {
    const name = path.slice(0, dot);
    if (!isMember(value, name)) continue;
    const found = valueAt((value as Record<string, unknown>)[name], path.slice(dot + 1));
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Whether JSON has it: a list's length is no member. */
function isMember(value: object, name: string): boolean {
  return Object.hasOwn(value, name) && !(Array.isArray(value) && name === 'length');
}

/** A list's elements; the words of a text that is a list by its meaning, as `scope` is (RFC 6749, section 3.3). */
function elementsOf(found: unknown): readonly unknown[] {
  if (Array.isArray(found)) return found;
  return typeof found === 'string' ? found.split(' ') : [];
}

function asText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Whether an object or a list is the one that is written there, in whatever order and spacing. */
function isSameJson(found: unknown, text: string): boolean {
  if (typeof found !== 'object') return false;
  try {
    return isDeepStrictEqual(found, JSON.parse(text));
  } catch {
    // No JSON, so no object either.
    return false;
  }
}

function describe(found: unknown): string {
  if (found === undefined || found === null) return 'nothing';
  const text = JSON.stringify(found);
  return text.length > longestSeen ? `${text.slice(0, longestSeen)}…` : text;
}
