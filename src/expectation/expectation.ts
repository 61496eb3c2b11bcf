import { LogtoError } from '../errors.js';

/** How what is found is compared. `includes` and `includes-match` look at the elements of a list. */
type Comparison =
  | 'present'
  | 'absent'
  | 'equals'
  | 'matches'
  | 'includes'
  | 'includes-match'
  | 'at-least'
  | 'at-most'
  | 'more-than'
  | 'less-than';

/** One assertion on the result of a command. */
export interface Expectation {
  /** As it was written. */
  readonly text: string;
  /** What it is about: a claim's name, or several joined by dots. */
  readonly path: string;
  readonly comparison: Comparison;
  /** What to compare with; empty for presence and absence. */
  readonly value: string;
}

const comparisons: Readonly<Record<string, Comparison>> = {
  '=': 'equals',
  '~': 'matches',
  '>=': 'at-least',
  '<=': 'at-most',
  '>': 'more-than',
  '<': 'less-than',
};

const listComparisons: Readonly<Record<string, Comparison>> = { '=': 'includes', '~': 'includes-match' };

/** Spaces around a name, `!=`, a name that is empty, a list in the middle. */
const impossiblePath = /^\s|\s$|!$|^\.|\.$|\.\.|\[\]/;

/**
 * Reads an assertion: `claim=value`, `claim~regular expression`, `claim` (present), `!claim` (absent), `list[]=value`,
 * `list[]~regular expression`, `number>=600` (and `<=`, `>`, `<`).
 *
 * @throws LogtoError `usage_invalid`
 */
export function parseExpectation(text: string): Expectation {
  const [, not, path = '', list, sign, value = ''] =
    /^(!?)([^!=~<>].*?)(\[\])?(?:(>=|<=|=|~|>|<)(.*))?$/s.exec(text) ?? [];
  if (path === '') throw invalid(text, 'names no claim');
  // An absence of what cannot be there would always hold.
  if (impossiblePath.test(path))
    throw invalid(text, `is about ${JSON.stringify(path)}, which no claim can be`);
  if (not) {
    if (sign !== undefined || list !== undefined)
      throw invalid(text, 'says both that it is absent and what it is');
    return { text, path, comparison: 'absent', value: '' };
  }
  if (sign === undefined) {
    if (list !== undefined) throw invalid(text, 'does not say what the list should hold');
    return { text, path, comparison: 'present', value: '' };
  }
  const comparison = (list === undefined ? comparisons : listComparisons)[sign];
  if (comparison === undefined) throw invalid(text, 'compares a list with a number');
  checkValue(text, comparison, value);
  return { text, path, comparison, value };
}

function checkValue(text: string, comparison: Comparison, value: string): void {
  if (comparison === 'matches' || comparison === 'includes-match') {
    try {
      new RegExp(value, 'u');
    } catch {
      throw invalid(text, 'holds no regular expression');
    }
  }
  const isNumeric = /^(at|more|less)-/.test(comparison);
  if (isNumeric && (value.trim() === '' || !Number.isFinite(Number(value))))
    throw invalid(text, 'compares with no number');
}

function invalid(text: string, what: string): LogtoError {
  return new LogtoError(
    'usage_invalid',
    `${JSON.stringify(text)} (--expect) ${what}.`,
    'Write claim=value, claim~regex, claim (present), !claim (absent), list[]=value or number>=600, ' +
      "in quotes: --expect 'roles[]=admin'.",
  );
}
