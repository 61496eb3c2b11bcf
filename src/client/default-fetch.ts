import type { Fetch } from '../network/fetch.js';

/** The way to the network of a client that was given none: direct, or by the proxy of the environment. */
export async function defaultFetch(): Promise<Fetch> {
  const { createFetch } = await import('../network/create-fetch.js');
  return createFetch({ environment: process.env });
}
