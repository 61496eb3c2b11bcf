/** Lines of `name  value`, the values in one column. Values are printed as they are: make them inert before. */
export function fields(rows: readonly (readonly [name: string, value: string])[], indent = ''): string[] {
  const width = Math.max(0, ...rows.map(([name]) => name.length));
  return rows.map(([name, value]) => `${indent}${name.padEnd(width)}  ${value}`.trimEnd());
}
