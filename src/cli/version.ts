import { createRequire } from 'node:module';

/** The version of this program, as its package says. */
export function version(): string {
  // Importing node:fs would cost every start of the program twice as much as all of this.
  return (createRequire(import.meta.url)('../../package.json') as { version: string }).version;
}
