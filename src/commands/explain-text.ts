/**
 * Breaks a text into lines of at most `width` characters. What stands in backticks is not broken where it fits on a
 * line of its own, so that it can be pasted; a word longer than a line is cut.
 */
export function wrapText(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const piece of piecesOf(text, width)) {
    if (line !== '' && line.length + 1 + piece.length <= width) {
      line += ` ${piece}`;
      continue;
    }
    if (line !== '') lines.push(line);
    line = piece;
  }
  return line === '' ? lines : [...lines, line];
}

/** Wraps a text whose first line begins with `label`, the others under the first one's text. */
export function hangingText(label: string, text: string, width: number): string[] {
  return wrapText(text, width - label.length).map(
    (line, index) => `${index === 0 ? label : ' '.repeat(label.length)}${line}`,
  );
}

/** What may stand on one line: words, with the backticked spans that touch them. */
function piecesOf(text: string, width: number): string[] {
  const pieces = text.match(/(?:`[^`]*`|[^\s`])+/g) ?? [];
  return pieces
    .flatMap((piece) => (piece.length > width ? piece.split(' ') : [piece]))
    .flatMap((piece) => piece.match(new RegExp(`.{1,${width}}`, 'gu')) ?? []);
}
