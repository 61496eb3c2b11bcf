import { readFileSync } from 'node:fs';

/** What was found in an application, and looked at by hand. */
export interface KnownFindings {
  readonly failed: readonly string[];
  readonly warning: readonly string[];
}

const table = new URL('../README.md', import.meta.url);
const row = /^\| (?<library>\S+) \| (?<version>[^|]+) \| (?<outcome>failed|warning) \| (?<checks>[^|]+) \|/;

/**
 * What the table of `test/README.md` says of a library in this version, in order; `null` where it does not speak of that.
 * There is no other list.
 */
export function knownFindings(library: string, version: string): KnownFindings | null {
  const found: { failed: string[]; warning: string[] } = { failed: [], warning: [] };
  for (const line of readFileSync(table, 'utf8').split('\n')) {
    const { groups } = row.exec(line) ?? {};
    if (groups === undefined || groups['library'] !== library || groups['version'] !== version) continue;
    const ids = (groups['checks'] ?? '').match(/`[^`]+`/g) ?? [];
    found[groups['outcome'] as keyof KnownFindings].push(...ids.map((id) => id.slice(1, -1)));
  }
  if (found.failed.length + found.warning.length === 0) return null;
  return { failed: found.failed.toSorted(), warning: found.warning.toSorted() };
}
