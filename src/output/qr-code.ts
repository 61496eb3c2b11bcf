import { encode } from 'uqr';
import type { TextOutput } from './text-output.js';

/** Light dots around a code: four by the standard (ISO/IEC 18004), and two where there is no room for them. */
const borders = [4, 2];

/** A code in lines, or how wide a terminal would have to be for it; `null`: this one cannot show any. */
export type DrawnCode = { readonly lines: readonly string[] } | { readonly columns: number } | null;

/**
 * A text as a QR code for this terminal: black on white where it has colours, else its light dots are drawn, as on a dark
 * background. Without marks beyond ASCII a dot is two blanks wide, and colours are what shows it.
 */
export function qrCode(
  text: string,
  { columns, hasMarks, hasColors, paint }: Pick<TextOutput, 'columns' | 'hasMarks' | 'hasColors' | 'paint'>,
): DrawnCode {
  if (!hasMarks && !hasColors) return null;
  const dotWidth = hasMarks ? 1 : 2;
  const { data } = encode(text, { ecc: 'L', border: 0 });
  const border = borders.find((dots) => (data.length + 2 * dots) * dotWidth <= columns);
  if (border === undefined) return { columns: (data.length + 2 * (borders.at(-1) ?? 0)) * dotWidth };
  const size = data.length + 2 * border;
  const isDark = (x: number, y: number) => data[y - border]?.[x - border] === true;
  const lines: string[] = [];
  for (let y = 0; y < size; y += hasMarks ? 2 : 1) {
    const dots = Array.from({ length: size }, (_, x) => [isDark(x, y), isDark(x, y + 1)] as const);
    if (!hasMarks) lines.push(inBlanks(dots, paint));
    else if (hasColors) lines.push(paint.onPaper(dots.map(([upper, lower]) => half(upper, lower)).join('')));
    else lines.push(dots.map(([upper, lower]) => half(!upper, !lower && y + 1 < size)).join(''));
  }
  return { lines };
}

/** Two dots, one above the other, as one sign. */
function half(upper: boolean, lower: boolean): string {
  return ' ▀▄█'[(upper ? 1 : 0) + (lower ? 2 : 0)] ?? ' ';
}

/** A row of dots as blanks on black and on white. */
function inBlanks(dots: readonly (readonly [boolean, boolean])[], paint: TextOutput['paint']): string {
  let line = '';
  for (let x = 0; x < dots.length; ) {
    const [isDark] = dots[x] ?? [false];
    let end = x;
    while (end < dots.length && dots[end]?.[0] === isDark) end += 1;
    const blanks = '  '.repeat(end - x);
    line += isDark ? paint.onInk(blanks) : paint.onPaper(blanks);
    x = end;
  }
  return line;
}
