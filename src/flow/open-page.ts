import type { Runtime } from '../runtime.js';
import type { JourneyProgress } from './journey-event.js';

/**
 * Tells the address, and opens it in the browser unless that is not wanted. A browser that cannot be started is no
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
  const inBrowser = useBrowser && runtime.browser.available();
  progress.tell({ event: 'opening', url, inBrowser });
  if (!inBrowser) return false;
  if (await runtime.browser.open(url)) return true;
  progress.tell({ event: 'browser_not_started' });
  return false;
}
