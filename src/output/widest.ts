import { columnsOf } from './columns-of.js';

/** The columns of the longest of these texts; 0 of none. There may be more of them than a call takes arguments. */
export function widest(texts: Iterable<string>): number {
  let width = 0;
  for (const text of texts) width = Math.max(width, columnsOf(text));
  return width;
}
