/**
 * A token without what comes around it when it is copied: blanks, line breaks of a terminal, quotes, and the beginning of a
 * header.
 */
export function pastedToken(given: string): string {
  const text = given.trim();
  const isQuoted = text.length > 1 && ['"', "'"].includes(text.charAt(0)) && text.endsWith(text.charAt(0));
  const words = (isQuoted ? text.slice(1, -1) : text).split(/\s/).filter((word) => word !== '');
  const start = words[0]?.toLowerCase() === 'authorization:' ? 1 : 0;
  return words.slice(words[start]?.toLowerCase() === 'bearer' ? start + 1 : start).join('');
}
