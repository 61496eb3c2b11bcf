import { plainText } from './plain-text.js';

/** A remark that GitHub shows beside the job that it came from. */
export interface Annotation {
  readonly level: 'error' | 'warning';
  readonly title: string;
  readonly message: string;
  /** What it is about, as the repository calls it, and the line, from 1. */
  readonly file?: string;
  readonly line?: number;
}

/** The annotation as a workflow command: one line, on either stream, that the runner takes. */
export function workflowCommand({ level, title, message, file, line }: Annotation): string {
  const data = (text: string) => plainText(text).replaceAll('%', '%25');
  const properties = Object.entries({ file, line, title }).flatMap(([name, value]) =>
    value === undefined
      ? []
      : [`${name}=${data(String(value)).replaceAll(':', '%3A').replaceAll(',', '%2C')}`],
  );
  return `::${level} ${properties.join(',')}::${data(message)}`;
}

/**
 * A table for GitHub's Markdown, in HTML: up to the next empty line nothing in it is read as Markdown.
 *
 * @param header words of ours
 */
export function summaryTable(header: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const row = (kind: 'th' | 'td', cells: readonly string[]) =>
    `<tr>${cells.map((cell) => `<${kind}>${cell}</${kind}>`).join('')}</tr>`;
  return [
    '<table>',
    row('th', header),
    ...rows.map((cells) => row('td', cells.map(summaryText))),
    '</table>',
  ];
}

/**
 * Text from outside for a block of HTML in GitHub's Markdown. In code nothing becomes a link: no address, no mention, no
 * number of an issue, no hash of a commit.
 */
export function summaryText(text: string): string {
  const escaped = plainText(text).replace(/[&<>"'`]/g, (sign) => `&#${sign.charCodeAt(0)};`);
  return escaped === '' ? '' : `<code>${escaped}</code>`;
}
