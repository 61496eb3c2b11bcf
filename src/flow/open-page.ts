import type { Runtime } from '../runtime.js';
import type { JourneyEvent } from './journey-event.js';

/** What a browser journey tells while it is under way. */
export interface JourneyProgress {
  /** Progress for a person. */
  note(line: string): void;
  /** A step, for whoever wants to know. */
  detail(line: string): void;
  warn(line: string): void;
  /** An address, alone on its line. */
  address(url: string): void;
  /** A moment, for a program that drives the browser. */
  event?(event: JourneyEvent): void;
}

/**
 * Shows the address, and opens it in the browser unless that is not wanted. A browser that cannot be started is no
 * failure: the address is there to be opened by hand.
 *
 * @returns whether a browser was started
 */
export async function openPage(
  runtime: Pick<Runtime, 'browser'>,
  progress: JourneyProgress,
  url: string,
  useBrowser: boolean,
): Promise<boolean> {
  if (!useBrowser || !runtime.browser.available()) {
    progress.note('Open this address in a browser:');
    progress.address(url);
    return false;
  }
  progress.note('Opening the browser. If nothing appears, open this address:');
  progress.address(url);
  if (await runtime.browser.open(url)) return true;
  progress.warn('No browser could be started. Open the address above by hand, or set BROWSER.');
  return false;
}
