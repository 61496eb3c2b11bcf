/** The version of this program, as its package says. */
export function version(): string {
  // Neither an import of node:fs nor a loader for JSON: each takes longer than all else that --version does.
  const { readFileSync } = process.getBuiltinModule('node:fs');
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
