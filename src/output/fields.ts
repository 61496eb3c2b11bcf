import { padded } from './columns-of.js';
import { plainText } from './plain-text.js';
import { widest } from './widest.js';

/** Lines of `name  value`, the values in one column. A name or value from outside has no end: both are shortened. */
export function fields(rows: readonly (readonly [name: string, value: string])[], indent = ''): string[] {
  const short = rows.map(([name, value]) => [plainText(name, 100), plainText(value)] as const);
  const width = widest(short.map(([name]) => name));
  return short.map(([name, value]) => `${indent}${padded(name, width)}  ${value}`.trimEnd());
}
