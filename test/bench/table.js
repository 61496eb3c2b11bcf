/**
 * Rows as lines in columns: the first one to the left, the others to the right.
 *
 * @param {string} title stands over the first column
 * @param {string[]} heads of the other columns
 * @param {string[][]} rows
 */
export function tableLines(title, heads, rows) {
  const all = [[title, ...heads], ...rows];
  const widths = all[0].map((_, column) => Math.max(...all.map((row) => (row[column] ?? '').length)));
  return all.map((row) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0]) : cell.padStart(widths[column])))
      .join('  ')
      .trimEnd(),
  );
}

/** A target and whether it was met: `under 150: met`. */
export function verdict(target, isMet) {
  return `${target}: ${isMet ? 'met' : 'MISSED'}`;
}
