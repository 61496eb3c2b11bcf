import type { FarBrowser } from '../browser/browser-place.js';
import { isLoopbackAddress, portOf } from '../local-address.js';
import type { CallbackListener } from '../loopback/callback-listener.js';
import type { AidedWait } from './waiting-aid.js';

/**
 * Tells, before the wait, that the browser is likely to be on another machine, and what can be done. Of a container that is
 * told to somebody who can paste: a program in one has no person beside it.
 */
export function tellFarBrowser(
  place: FarBrowser,
  { aid, port, address, progress }: Pick<AidedWait, 'aid' | 'progress'> & ListeningPlace,
  { redirectUri }: Pick<CallbackListener, 'redirectUri'>,
): void {
  const canPaste = aid === 'keys' || aid === 'paste';
  if (place.kind === 'container' && !canPaste) return;
  const isOther = port !== undefined && port !== 0 && port !== Number(portOf(redirectUri));
  const isOpen = address !== undefined && !isLoopbackAddress(address);
  progress.tell({ event: 'far_browser', place, redirectUri, ...(isOther && { port }), isOpen, canPaste });
}

/** Where a callback is waited for. */
interface ListeningPlace {
  readonly port?: number;
  readonly address?: string;
}

/** Warns where other machines may reach the callback. */
export function tellOpenCallback({ address, progress }: Pick<AidedWait, 'progress'> & ListeningPlace): void {
  if (address !== undefined && !isLoopbackAddress(address))
    progress.tell({ event: 'open_callback', address });
}
