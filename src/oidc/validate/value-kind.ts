/** What a JSON value is, as a sentence says it after "is": `missing`, `null`, `text`, `a list`. */
export function kindOf(value: unknown): string {
  if (value === undefined) return 'missing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  switch (typeof value) {
    case 'string':
      return value === '' ? 'empty' : 'text';
    case 'number':
      return 'a number';
    case 'boolean':
      return String(value);
    default:
      return 'an object';
  }
}

/** A value that is not what it should be, as a sentence says it after "is": a text as it is, and the kind of all else. */
export function shownOrKind(value: unknown, length?: number): string {
  return typeof value === 'string' && value !== '' ? quoted(value, length) : kindOf(value);
}

/** A value from outside within a message: as JSON has it, and short. */
export function quoted(value: unknown, length = 100): string {
  if (typeof value === 'string')
    return JSON.stringify(value.length > length ? `${value.slice(0, length)}…` : value);
  const json = JSON.stringify(value) ?? '';
  return json.length > length ? `${json.slice(0, length)}…` : json;
}
