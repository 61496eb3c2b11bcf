const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/**
 * A source map that leads to our own sources alone: a stack in a package says where that is in the bundle, which is what
 * its author's sources are not. Names stay out, since what is bundled keeps them.
 *
 * @param {{ version: number, file?: string, sources: string[], mappings: string }} map
 * @param {(source: string) => boolean} isOurs
 * @returns {object | null} `null` where none of our sources is in it
 */
export function ownSourceMap({ version, file, sources, mappings }, isOurs) {
  const kept = sources.filter(isOurs);
  if (kept.length === 0) return null;
  const places = sources.map((source) => kept.indexOf(source));
  return { version, file, sources: kept, names: [], mappings: ownMappings(mappings, places) };
}

/** @param {readonly number[]} places of each source, its place among those that are kept; -1 of one that is not */
function ownMappings(mappings, places) {
  const [read, written] = [
    [0, 0, 0, 0],
    [0, 0, 0, 0],
  ];
  return mappings
    .split(';')
    .map((line) => {
      read[0] = 0;
      written[0] = 0;
      let isMapped = false;
      const segments = [];
      for (const segment of line.split(',').filter(Boolean)) {
        const numbers = numbersOf(segment).slice(0, 4);
        for (const [index, value] of numbers.entries()) read[index] += value;
        const place = places[read[1]];
        const isOwn = numbers.length > 1 && place !== -1;
        // Where ours ends is said once.
        if (!isOwn && !isMapped) continue;
        isMapped = isOwn;
        const next = isOwn ? [read[0], place, read[2], read[3]] : [read[0]];
        segments.push(next.map((value, index) => textOf(value - written[index])).join(''));
        for (const [index, value] of next.entries()) written[index] = value;
      }
      return segments.join(',');
    })
    .join(';');
}

/** The numbers of a segment (ECMA-426, Base64 VLQ). */
function numbersOf(segment) {
  const numbers = [];
  let [value, shift] = [0, 0];
  for (const digit of segment) {
    const bits = digits.indexOf(digit);
    value += (bits & 31) << shift;
    shift += 5;
    if (bits & 32) continue;
    numbers.push(value & 1 ? -(value >> 1) : value >> 1);
    [value, shift] = [0, 0];
  }
  return numbers;
}

function textOf(number) {
  let rest = number < 0 ? (-number << 1) | 1 : number << 1;
  let text = '';
  do {
    const bits = rest & 31;
    rest >>>= 5;
    text += digits[rest > 0 ? bits | 32 : bits];
  } while (rest > 0);
  return text;
}
