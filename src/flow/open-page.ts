import type { Runtime } from '../runtime.js';
import type { JourneyProgress } from './journey-event.js';

/** A page that somebody has to open. */
export interface PageToOpen {
  /** The whole address, which is told. */
  readonly url: string;
  /** A short one that leads there, in a browser of this machine; told too. */
  readonly shortUrl?: string;
  /** What is copied where somebody wants it elsewhere. Default: the whole address. */
  readonly copyUrl?: string;
  /** What the browser is started with instead. Default: the whole address. */
  readonly browserUrl?: () => string;
}

/**
 * Tells the address, and opens it in the browser unless that is not wanted. A browser that cannot be started is no
 * failure: the address is there to be opened by hand.
 *
 * @returns whether a browser was started
 */
export async function openPage(
  runtime: Pick<Runtime, 'browser'>,
  progress: JourneyProgress,
  { url, shortUrl, browserUrl = () => url }: PageToOpen,
  useBrowser: boolean,
): Promise<boolean> {
  const inBrowser = useBrowser && runtime.browser.available();
  progress.tell({ event: 'opening', url, ...(shortUrl !== undefined && { shortUrl }), inBrowser });
  if (!inBrowser) return false;
  if (await runtime.browser.open(browserUrl())) return true;
  progress.tell({ event: 'browser_not_started' });
  return false;
}

/** Opens the page once more, as somebody asks for it. */
export async function openAgain(
  { browser }: Pick<Runtime, 'browser'>,
  progress: JourneyProgress,
  { url, browserUrl = () => url }: PageToOpen,
): Promise<void> {
  if (!browser.available()) progress.tell({ event: 'no_browser' });
  else if (!(await browser.open(browserUrl()))) progress.tell({ event: 'browser_not_started' });
}
