/**
 * The names that a word is a slip of the hand away from: those that are nearest to it, in their order. A slip is a
 * character put in, left out or replaced, or two neighbours in the wrong order. How many there may be grows with the word:
 * one of four letters and fewer that differs in two is another word.
 *
 * @param ignored what every name begins with, and what says nothing of the word: the dashes of a flag
 */
export function nearestNames(word: string, names: readonly string[], ignored = ''): readonly string[] {
  const allowed = (name: string) => {
    const length = Math.min(word.length, name.length) - ignored.length;
    return length <= 4 ? 1 : length <= 8 ? 2 : 3;
  };
  const near = [...new Set(names)]
    .map((name) => ({ name, slips: slipsBetween(word, name) }))
    .filter(({ name, slips }) => slips <= allowed(name));
  const fewest = near.reduce((least, { slips }) => Math.min(least, slips), Number.POSITIVE_INFINITY);
  return near.filter(({ slips }) => slips === fewest).map(({ name }) => name);
}

/** The distance of two words (Damerau and Levenshtein; no stretch is changed twice: optimal string alignment). */
function slipsBetween(from: string, to: string): number {
  let before: readonly number[] = [];
  let row: readonly number[] = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let index = 0; index < from.length; index += 1) {
    const next = [index + 1];
    for (let column = 0; column < to.length; column += 1) {
      const [left = 0, above = 0, diagonal = 0] = [next[column], row[column + 1], row[column]];
      const isSame = from[index] === to[column];
      const isSwapped =
        index > 0 && column > 0 && from[index] === to[column - 1] && from[index - 1] === to[column];
      const swapped = isSwapped ? (before[column - 1] ?? 0) + 1 : Number.POSITIVE_INFINITY;
      next.push(Math.min(left + 1, above + 1, diagonal + (isSame ? 0 : 1), swapped));
    }
    before = row;
    row = next;
  }
  return row[to.length] ?? 0;
}
