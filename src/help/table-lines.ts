import { withoutPaint } from '../output/paint.js';
import { widest } from '../output/widest.js';
import { wrapWords } from '../output/wrap-words.js';

/** Words as they are shown, once it is known what stands on one line. */
export type Show = (line: string) => string;

const gap = 2;

/** Stands before the last cell of a row that has no columns. */
const margin = '    ';

/** The last column has the sentences: narrower than this it is hard to read, unless it needs no more. */
const narrowest = 40;

/**
 * A table in lines of that many characters: each column as wide as it needs, or the words of its cells below each other.
 *
 * @returns `null` where that does not fit: see `stackedRows`
 */
export function tableLines(
  header: readonly string[],
  rows: readonly (readonly string[])[],
  width: number,
  show: Show,
  showHeader: Show,
): string[] | null {
  const widths = columnWidths([header, ...rows], width, show);
  if (widths === null) return null;
  return [...rowLines(header, widths, showHeader), ...rows.flatMap((row) => rowLines(row, widths, show))];
}

/** The rows of a table where its columns have no room: the last cell of each is below the others. */
export function stackedRows(rows: readonly (readonly string[])[], width: number, show: Show): string[] {
  return rows.flatMap((row) => {
    const heads = row.slice(0, -1).filter((cell) => cell !== '');
    const line = heads.map(show).join(' '.repeat(gap));
    const isOneLine = withoutPaint(line).length <= width;
    return [
      ...(isOneLine ? [line] : heads.flatMap((cell) => wrapWords(cell, width).map(show))),
      ...wrapWords(row.at(-1) ?? '', width - margin.length).map((words) => margin + show(words)),
    ];
  });
}

function rowLines(row: readonly string[], widths: readonly number[], show: Show): string[] {
  const cells = widths.map((width, column) => wrapWords(row[column] ?? '', width).map(show));
  const height = cells.reduce((most, { length }) => Math.max(most, length), 0);
  return Array.from({ length: height }, (_, line) =>
    cells
      .map((cell, column) => padded(cell[line] ?? '', widths[column] ?? 0))
      .join(' '.repeat(gap))
      .trimEnd(),
  );
}

function padded(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - withoutPaint(text).length));
}

/** How wide each column is; where not all can have what they need, the widest ones break their words over lines. */
function columnWidths(rows: readonly (readonly string[])[], width: number, show: Show): number[] | null {
  const columns = Array.from(rows[0] ?? [], (_, column) => rows.map((row) => row[column] ?? ''));
  const shown = (line: string) => withoutPaint(show(line));
  const needed = columns.map((cells) => widest(cells.map(shown)));
  const least = columns.map((cells, column) =>
    Math.max(
      widest(cells.flatMap((cell) => wrapWords(cell, 1).map(shown))),
      column === columns.length - 1 ? Math.min(needed[column] ?? 0, narrowest) : 0,
    ),
  );
  const room = width - gap * (columns.length - 1);
  const widths = [...least];
  let left = room - widths.reduce((sum, one) => sum + one, 0);
  if (left < 0) return null;
  // The columns that need little get it first.
  const byNeed = [...needed.keys()].sort((one, other) => (needed[one] ?? 0) - (needed[other] ?? 0));
  for (const column of byNeed) {
    const more = Math.min(left, (needed[column] ?? 0) - (widths[column] ?? 0));
    widths[column] = (widths[column] ?? 0) + more;
    left -= more;
  }
  return widths;
}
