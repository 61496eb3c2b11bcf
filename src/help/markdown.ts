/** A part of a page. Pages use these and nothing else. */
export type Block =
  | { readonly kind: 'heading'; readonly level: number; readonly text: string }
  | { readonly kind: 'paragraph'; readonly text: string }
  /** `label` is a dash or a number with a dot. */
  | { readonly kind: 'item'; readonly label: string; readonly text: string }
  | { readonly kind: 'code'; readonly language: string; readonly lines: readonly string[] }
  | {
      readonly kind: 'table';
      readonly header: readonly string[];
      readonly rows: readonly (readonly string[])[];
    };

/**
 * The parts of a page in Markdown: headings (`#`), paragraphs, flat lists, fenced code and tables. Comments are left out.
 * Pages are ours: what is written in another way is a paragraph, which a test finds.
 */
export function markdownBlocks(text: string): Block[] {
  const lines = text.replace(/<!--.*?-->\n?/gs, '').split('\n');
  const blocks: Block[] = [];
  /** What lines of words go on with; `null` behind an empty line. */
  let open: { text: string } | null = null;
  const begin = <Words extends Block & { text: string }>(block: Words): Words => {
    blocks.push(block);
    return block;
  };
  for (let index = 0; index < lines.length; index += 1) {
    const line = lines[index] ?? '';
    const [, fence, language = ''] = /^(```)(\w*)$/.exec(line) ?? [];
    const [, marks, title = ''] = /^(#+) (.*)$/.exec(line) ?? [];
    const [, label, item = ''] = /^(-|\d+\.) (.*)$/.exec(line) ?? [];
    if (fence !== undefined) {
      const end = lines.indexOf('```', index + 1);
      blocks.push({ kind: 'code', language, lines: lines.slice(index + 1, end) });
      index = end;
      open = null;
    } else if (marks !== undefined) {
      blocks.push({ kind: 'heading', level: marks.length, text: title });
      open = null;
    } else if (line.startsWith('|')) {
      const end = lines.findIndex((other, place) => place > index && !other.startsWith('|'));
      const [header = [], , ...rows] = lines.slice(index, end).map(cellsOf);
      blocks.push({ kind: 'table', header, rows });
      index = end - 1;
      open = null;
    } else if (label !== undefined) open = begin({ kind: 'item', label, text: item });
    else if (line.trim() === '') open = null;
    else if (open === null) open = begin({ kind: 'paragraph', text: line });
    else open.text += ` ${line.trim()}`;
  }
  return blocks;
}

/** The cells of a row; a bar in one is written `\|`. */
function cellsOf(row: string): string[] {
  return row
    .slice(1, row.lastIndexOf('|'))
    .split(/(?<!\\)\|/)
    .map((cell) => cell.trim().replaceAll('\\|', '|'));
}
