import type { ChildProcess } from 'node:child_process';
import { withoutSecretVariables } from '../secret-variables.js';
import type { BrowserOpener } from './browser.js';

/** What decides which browser this machine opens. */
export interface SystemBrowserOptions {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
  /**
   * Opens an address the platform's own way; the package `open` by default. What that starts inherits `process.env`
   * itself, so our secret variables must be gone from there.
   */
  readonly openWithPlatform?: (url: string) => Promise<ChildProcess>;
}

/** How long a starting browser may take to say that it cannot, in milliseconds: `BROWSER=false`, no display. */
const graceMilliseconds = 500;

/**
 * The browser of this machine: what `BROWSER` says, else the platform's default one.
 *
 * `open` takes up to half a second: a browser that ends with a failure within that time was not started. Do not let
 * the wait for the callback depend on it.
 */
export function systemBrowser(options: SystemBrowserOptions): BrowserOpener {
  const { environment, platform, openWithPlatform = openWithPackage } = options;
  const chosen = environment['BROWSER']?.trim() ?? '';
  const names = ['DISPLAY', 'WAYLAND_DISPLAY', 'WSL_DISTRO_NAME', 'WSL_INTEROP'];
  return {
    available() {
      if (chosen !== '' || platform === 'darwin' || platform === 'win32') return true;
      return names.some((name) => (environment[name] ?? '') !== '');
    },
    async open(url) {
      try {
        return await started(
          await (chosen === '' ? openWithPlatform(url) : spawnBrowser(chosen, url, options)),
        );
      } catch {
        // Every way of not starting is the same answer: the person opens the printed address instead.
        return false;
      }
    },
  };
}

async function spawnBrowser(
  browser: string,
  url: string,
  { environment, platform }: SystemBrowserOptions,
): Promise<ChildProcess> {
  // Loaded here: most commands only ask whether there is a browser.
  const [{ startProgram }, { browserCommand }] = await Promise.all([
    import('../program/start-program.js'),
    import('./browser-command.js'),
  ]);
  const command = browserCommand(browser, url);
  const child = await startProgram(command.file, command.arguments, {
    environment: withoutSecretVariables(environment),
    platform,
    detached: true,
    stdio: 'ignore',
  });
  if ('reason' in child) throw new Error(child.reason);
  child.unref();
  return child;
}

async function openWithPackage(url: string): Promise<ChildProcess> {
  const { default: open } = await import('open');
  return open(url);
}

/** Whether a process runs: it still does after the grace, or it has ended without a failure. */
function started(child: ChildProcess): Promise<boolean> {
  if (child.exitCode !== null) return Promise.resolve(child.exitCode === 0);
  return new Promise((resolve) => {
    // Referenced on purpose: with nothing else alive (a sign-out without a listener) the process must not end here.
    const timer = setTimeout(resolve, graceMilliseconds, true);
    const settle = (running: boolean) => {
      clearTimeout(timer);
      resolve(running);
    };
    child.on('error', () => settle(false));
    child.once('exit', (code) => settle(code === 0));
  });
}
