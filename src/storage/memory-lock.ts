import type { Lock } from './storage.js';

/** A lock within one process, in the order of arrival. For storage that no other process sees. */
export function memoryLock(): Lock {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const result = last.then(work);
    last = result.catch(() => undefined);
    return result;
  };
}
