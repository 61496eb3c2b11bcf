import type { Paint } from './paint.js';

/** What another program printed last, below what is said of it: line by line, as it was. */
export function printedLines(printed: readonly string[], paint: Paint, indent = '  '): string[] {
  return [
    `${indent}${paint.bold('It printed last:')}`,
    ...printed.map((line) => paint.dim(`${indent}  ${line.replaceAll('\t', '    ')}`.trimEnd())),
  ];
}
