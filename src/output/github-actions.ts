import { plainText } from './plain-text.js';

/** A remark that GitHub shows beside the job that it came from. */
export interface Annotation {
  readonly level: 'error' | 'warning';
  readonly title: string;
  readonly message: string;
}

/** The annotation as a workflow command: one line, on either stream, that the runner takes. */
export function workflowCommand({ level, title, message }: Annotation): string {
  const data = (text: string) => plainText(text).replaceAll('%', '%25');
  const property = data(title).replaceAll(':', '%3A').replaceAll(',', '%2C');
  return `::${level} title=${property}::${data(message)}`;
}

/** A table in GitHub's Markdown; the cells are text. */
export function markdownTable(header: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(header), line(header.map(() => '---')), ...rows.map((cells) => line(cells.map(markdownText)))];
}

/** Text that Markdown and HTML leave as it is. */
export function markdownText(text: string): string {
  return plainText(text).replace(/[\\`*_{}[\]()<>#!|~&@:]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
