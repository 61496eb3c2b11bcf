import type { CallbackListener } from '../loopback/callback-listener.js';
import type { Runtime } from '../runtime.js';
import type { JourneyProgress } from './journey-event.js';
import { openAgain, type PageToOpen } from './open-page.js';

/**
 * How a person may bring the response where the browser does not: `keys`, pasted at the terminal, with keys to open the page
 * again, to copy its address and to show it; `paste`, without those and a line of its own; `stdin`, as a line of standard
 * input.
 */
export type WaitingAid = 'keys' | 'paste' | 'stdin';

/** A wait, and how it is aided. */
export interface AidedWait {
  readonly aid?: WaitingAid;
  readonly progress: JourneyProgress;
  /** Seconds to wait for the person. */
  readonly timeout: number;
}

/** What is waited for. */
interface Waiting {
  readonly listener: CallbackListener;
  readonly page: PageToOpen;
}

/** Waits, while a person may bring the response by hand; the terminal is as it was when that ends, however it does. */
export async function whileAided<T>(
  runtime: Runtime,
  { aid, progress, timeout }: AidedWait,
  { listener, page }: Waiting,
  wait: () => Promise<T>,
): Promise<T> {
  // It has to know what it waits for before anything is offered.
  const waiting = wait();
  waiting.catch(() => {});
  const offer = (pasted: string) => listener.offer(pasted);
  let end = () => {};
  if (aid === 'keys' || aid === 'paste') {
    const { listenToKeys } = await import('./waiting-keys.js');
    const open = () => openAgain(runtime, progress, page);
    const { url, copyUrl = url } = page;
    const keys = { address: url, copyAddress: copyUrl, seconds: timeout, open, offer, progress };
    end = listenToKeys(runtime, { ...keys, isSilent: aid === 'paste' });
  } else if (aid === 'stdin') {
    const { takeCallbackFromStdin } = await import('./callback-from-stdin.js');
    end = takeCallbackFromStdin(runtime, offer, progress);
  }
  try {
    return await waiting;
  } finally {
    end();
  }
}
