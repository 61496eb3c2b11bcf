import { existsSync, readFileSync, readlinkSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { expect, onTestFinished } from 'vitest';
import { chromiumPath } from './capabilities.js';

/**
 * A profile of the real Chromium, without a window. Nothing here starts it: the program under test does, by the
 * variable `BROWSER`. It is ended with the test.
 */
export class ChromiumProfile {
  readonly #directory: string;
  #browser: Browser | null = null;

  private constructor(directory: string) {
    this.#directory = directory;
  }

  static async create(): Promise<ChromiumProfile> {
    const directory = await mkdtemp(join(tmpdir(), 'logto-cli-chromium-'));
    const profile = new ChromiumProfile(directory);
    onTestFinished(async () => {
      await profile.quit();
      await rm(directory, { recursive: true, force: true, maxRetries: 5 });
    });
    return profile;
  }

  /** What to set `BROWSER` to. */
  get command(): string {
    const switches = [
      '--headless=new',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--disable-dev-shm-usage',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--remote-debugging-port=0',
      `--user-data-dir=${this.#directory}`,
    ];
    return [chromiumPath(), ...switches].join(' ');
  }

  /** The tab that Chromium was started with, once it has been started. */
  async tab(): Promise<Page> {
    const file = join(this.#directory, 'DevToolsActivePort');
    const read = () => (existsSync(file) ? readFileSync(file, 'utf8').split('\n') : []);
    await expect.poll(() => read().length, { timeout: 30_000 }).toBeGreaterThan(1);
    this.#browser = await chromium.connectOverCDP(`http://127.0.0.1:${read()[0]}`);
    const [context] = this.#browser.contexts();
    return context?.pages()[0] ?? (await context?.waitForEvent('page')) ?? expect.unreachable('no tab');
  }

  /** Ends Chromium as a person does: what it keeps is kept for the next start of this profile. */
  async quit(): Promise<void> {
    const pid = this.#pid();
    if (this.#browser !== null) {
      const session = await this.#browser.newBrowserCDPSession();
      // The answer may be lost with the connection.
      await session.send('Browser.close').catch(() => {});
      await this.#browser.close();
      this.#browser = null;
    }
    if (pid === null) return;
    const gone = await waitFor(() => !isAlive(pid), 10_000);
    if (!gone) process.kill(pid, 'SIGKILL');
    await rm(join(this.#directory, 'DevToolsActivePort'), { force: true });
  }

  /** Chromium marks its profile with `<host>-<pid>`. */
  #pid(): number | null {
    try {
      const pid = Number(readlinkSync(join(this.#directory, 'SingletonLock')).split('-').at(-1));
      return isAlive(pid) ? pid : null;
    } catch {
      return null;
    }
  }
}

/** The addresses that the back button of a tab leads through, the shown one last. */
export async function historyOf(page: Page): Promise<string[]> {
  const session = await page.context().newCDPSession(page);
  const { entries } = await session.send('Page.getNavigationHistory');
  return entries.map(({ url }) => url);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function waitFor(holds: () => boolean, milliseconds: number): Promise<boolean> {
  const end = Date.now() + milliseconds;
  while (!holds()) {
    if (Date.now() > end) return false;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return true;
}
