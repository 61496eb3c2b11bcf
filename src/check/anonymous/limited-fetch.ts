import type { Fetch } from '../../network/fetch.js';

/** The same fetch, with no more than so many requests under way; others wait for their turn. */
export function limitedFetch(fetch: Fetch, most: number): Fetch {
  const waiting: (() => void)[] = [];
  let underWay = 0;
  return async (url, init) => {
    if (underWay < most) underWay += 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await fetch(url, init);
    } finally {
      const next = waiting.shift();
      if (next === undefined) underWay -= 1;
      else next();
    }
  };
}
