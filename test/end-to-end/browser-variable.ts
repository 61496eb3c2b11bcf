import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import type { User } from './providers.js';

/** How the program started a browser, and what that browser was shown at last. */
export interface BrowserRecord {
  readonly arguments: readonly string[];
  /** `NAME=value` of its environment. */
  readonly variables: readonly string[];
  readonly page: { readonly url: string; readonly text: string };
}

/** A program for the variable `BROWSER` that signs this user in, or out, without a window. */
export function browserVariable(directory: string, user: User) {
  const record = join(directory, 'browser.json');
  return {
    environment: {
      BROWSER: fileURLToPath(new URL('../support/browser-command.js', import.meta.url)),
      TEST_BROWSER_USER: JSON.stringify({ username: user.username, password: user.password }),
      TEST_BROWSER_RECORD: record,
    },
    /** Waits until the browser has been shown its last page. */
    async shown(): Promise<BrowserRecord> {
      await expect.poll(() => existsSync(record), { timeout: 20_000 }).toBe(true);
      return JSON.parse(readFileSync(record, 'utf8'));
    },
  };
}
