/**
 * The lines of a JSON text on which the items of a list begin, from 1. The list is a member of the document itself.
 *
 * @param json a text that is JSON
 * @param member the list's name
 */
export function itemLines(json: string, member: string): readonly number[] {
  const lines: number[] = [];
  if (!json.trimStart().startsWith('{')) return lines;
  let line = 1;
  let depth = 0;
  let name = '';
  let isInList = false;
  let isBeforeItem = false;
  for (let at = 0; at < json.length; at += 1) {
    const sign = json[at] ?? '';
    if (sign === '\n') line += 1;
    if (/\s/.test(sign)) continue;
    const isEnd = sign === ']' || sign === '}';
    if (isBeforeItem && sign !== ']') lines.push(line);
    isBeforeItem = false;
    if (sign === '"') {
      const end = endOfText(json, at);
      if (depth === 1) name = JSON.parse(json.slice(at, end + 1));
      at = end;
    } else if (sign === '[' || sign === '{') {
      depth += 1;
      if (sign === '[' && depth === 2 && name === member) {
        isInList = true;
        // Of a name that is there twice, the last one counts.
        lines.length = 0;
      }
      isBeforeItem = isInList && depth === 2;
    } else if (isEnd) {
      depth -= 1;
      isInList &&= depth >= 2;
    } else if (sign === ',') isBeforeItem = isInList && depth === 2;
  }
  return lines;
}

/** The quotation mark that ends a text which begins there. */
function endOfText(json: string, start: number): number {
  let end = start + 1;
  while (end < json.length && json[end] !== '"') end += json[end] === '\\' ? 2 : 1;
  return end;
}
