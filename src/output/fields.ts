import { plainText } from './plain-text.js';
import { widest } from './widest.js';

/** Lines of `name  value`, the values in one column. Both are made inert: text from outside needs no care before. */
export function fields(rows: readonly (readonly [name: string, value: string])[], indent = ''): string[] {
  const inert = rows.map(([name, value]) => [plainText(name), plainText(value)] as const);
  const width = widest(inert.map(([name]) => name));
  return inert.map(([name, value]) => `${indent}${name.padEnd(width)}  ${value}`.trimEnd());
}
