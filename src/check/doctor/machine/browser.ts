import { browserCommand } from '../../../browser/browser-command.js';
import { findExecutable } from '../../../program/find-executable.js';
import type { Runtime } from '../../../runtime.js';
import type { CheckResult } from '../../run/check.js';
import { passed } from '../../run/check-results.js';
import type { DoctorCheck } from '../doctor-check.js';

/** There is a browser to open. It is not opened. */
export const browser: DoctorCheck = {
  id: 'machine.browser',
  title: 'Browser',
  run: async ({ runtime, signIn }) =>
    signIn.device ? passed('not needed: the device flow takes any device') : findBrowser(runtime),
};

/** What xdg-open, which the platform's way comes down to on Linux, hands an address to. */
const linuxOpeners = [
  ...['gio', 'kde-open', 'kde-open5', 'kde-open6', 'exo-open', 'x-www-browser', 'firefox', 'chromium'],
  ...['chromium-browser', 'google-chrome', 'google-chrome-stable', 'brave-browser', 'epiphany', 'konqueror'],
];

function findBrowser({ environment, platform, browser }: Runtime): CheckResult {
  const chosen = environment['BROWSER']?.trim() ?? '';
  const isThere = (name: string) => findExecutable(name, environment, platform) !== null;
  if (chosen !== '') {
    const { file } = browserCommand(chosen, 'https://example.com/');
    return isThere(file)
      ? passed(`BROWSER is ${file}`)
      : none(`BROWSER names ${file}, which is no program of this machine.`, 'Correct or unset BROWSER, or');
  }
  if (!browser.available()) return none('No display here, so no browser can be opened.', '');
  if (platform !== 'linux') return passed('the default browser of this system');
  const isWindowsBehind = Boolean(environment['WSL_DISTRO_NAME'] || environment['WSL_INTEROP']);
  return isWindowsBehind || linuxOpeners.some(isThere)
    ? passed('the default browser of this desktop')
    : none('There is a display, but no browser in PATH.', 'Install one, or name it with BROWSER, or');
}

/** Nobody needs a browser on this machine: the address can be opened anywhere that reaches the callback. */
function none(message: string, otherwise: string): CheckResult {
  const hint = 'print the address and open it yourself: logto-cli sign-in --no-browser';
  const sentence = otherwise === '' ? hint : `${otherwise} ${hint}`;
  return { outcome: 'warning', message, hint: sentence.charAt(0).toUpperCase() + sentence.slice(1) };
}
