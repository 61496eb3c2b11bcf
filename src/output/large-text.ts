import { columnsOf } from './columns-of.js';

/** Letters and digits of 5 by 5 dots; each sign stands for a row, its bits for the dots (base 32). */
const glyphs: Readonly<Record<string, string>> = {
  ...{ A: 'ehvhh', B: 'uhuhu', C: 'fgggf', D: 'uhhhu', E: 'vgugv', F: 'vgugg', G: 'fgjhf', H: 'hhvhh' },
  ...{ I: 'e444e', J: '722ic', K: 'hisih', L: 'ggggv', M: 'hrlhh', N: 'hpljh', O: 'ehhhe', P: 'uhugg' },
  ...{ Q: 'ehlid', R: 'uhuih', S: 'fge1u', T: 'v4444', U: 'hhhhe', V: 'hhha4', W: 'hhlrh', X: 'ha4ah' },
  ...{ Y: 'ha444', Z: 'v248v', '0': 'ejlpe', '1': '4c44e', '2': 'u1egv', '3': 'u1e1u', '4': 'iiv22' },
  ...{ '5': 'vgu1u', '6': 'eguhe', '7': 'v1244', '8': 'ehehe', '9': 'ehf1e', '-': '00e00', ' ': '00000' },
};

/**
 * A short code in letters three lines high, for who has to type it elsewhere; none where it has signs that are not drawn
 * here, or does not fit into that many columns.
 */
export function largeText(text: string, columns: number): string[] {
  const drawn = [...text.toUpperCase()].map((sign) =>
    Object.hasOwn(glyphs, sign) ? glyphs[sign] : undefined,
  );
  // What is told apart by its case alone must not be drawn in one.
  const isDrawn = text.length < 40 && drawn.every((glyph) => glyph !== undefined) && !/[a-z]/.test(text);
  if (!isDrawn) return [];
  const lines = [0, 2, 4].map((row) => drawn.map((glyph = '') => rowsOf(glyph, row)).join(' '));
  return lines.some((line) => columnsOf(line) > columns) ? [] : lines.map((line) => line.trimEnd());
}

/** Two rows of a glyph in one line. */
function rowsOf(glyph: string, row: number): string {
  const [upper, lower] = [row, row + 1].map((index) => Number.parseInt(glyph[index] ?? '0', 32));
  return [16, 8, 4, 2, 1]
    .map((dot) => ' ▀▄█'[(((upper ?? 0) & dot) === 0 ? 0 : 1) + (((lower ?? 0) & dot) === 0 ? 0 : 2)])
    .join('');
}
