import { withoutPaint } from './paint.js';

/**
 * Characters of which each is seen alone, in one column: Latin script with its accents, but not the soft hyphen, and the
 * punctuation and signs that we write. To take anything else apart, Node has to load tables first, which takes 7 ms.
 */
const plain = /^[\x20-\x7e\xa1-\xac\xae-\u02ff\u2010-\u2027\u2039\u203a\u2190-\u2193\u2713\u2717]*$/;

/** How many columns of a terminal a text takes, its paint none. */
export function columnsOf(text: string): number {
  const bare = withoutPaint(text);
  if (plain.test(bare)) return bare.length;
  let columns = 0;
  for (const sign of signsOf(bare)) columns += columnsOfSign(sign);
  return columns;
}

/** The text with so many blanks behind it that it takes that many columns, if it does not take more. */
export function padded(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - columnsOf(text)));
}

/** As much of the beginning of a text as fits into that many columns. */
export function fitting(text: string, columns: number): string {
  if (columnsOf(text) <= columns) return text;
  let [result, taken] = ['', 0];
  for (const sign of signsOf(text)) {
    taken += columnsOfSign(sign);
    if (taken > columns) break;
    result += sign;
  }
  return result;
}

function columnsOfSign(sign: string): number {
  // Marks on what stands before, and what only formats.
  if (/^[\p{Mn}\p{Me}\p{Cf}]+$/u.test(sign)) return 0;
  return isWide(sign) ? 2 : 1;
}

/**
 * Whether terminals show it in two columns: the scripts of East Asia with their signs, in the ranges that have been wide
 * since their blocks were assigned (Unicode's UAX 11), and whatever looks like a picture by itself. A table of our own,
 * since Node.js keeps its own to itself, and a package for this line would bring others.
 */
function isWide(sign: string): boolean {
  return /^(?:[\u1100-\u115f\u2329\u232a\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe10-\ufe19\ufe30-\ufe6b\uff01-\uff60\uffe0-\uffe6\u{16fe0}-\u{18cff}\u{1aff0}-\u{1b2ff}\u{1f200}-\u{1f265}\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}|.\ufe0f)/su.test(
    sign,
  );
}

/** What a person takes for one character. */
function* signsOf(text: string): Iterable<string> {
  for (const { segment } of new Intl.Segmenter('en', { granularity: 'grapheme' }).segment(text))
    yield segment;
}
