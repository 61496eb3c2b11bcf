/** The length of the longest of these texts; 0 of none. There may be more of them than a call takes arguments. */
export function widest(texts: Iterable<string>): number {
  let width = 0;
  for (const { length } of texts) if (length > width) width = length;
  return width;
}
