import type { RequestListener } from 'node:http';
import { onTestFinished } from 'vitest';
import { createFetch, type FetchOptions } from '../../src/network/create-fetch.js';
import { type CertificateName, serverCertificate } from '../support/certificate-files.js';
import { startLocalServer } from '../support/local-server.js';

/** A server of this machine until the test ends; with a certificate it is `localhost` over TLS. */
export async function serve(listener: RequestListener, tls?: CertificateName) {
  const server = await startLocalServer(listener, {
    ...(tls && { tls: serverCertificate(tls), host: 'localhost' }),
  });
  onTestFinished(server.close);
  return server;
}

/** Asks as the program would where nothing is set but these options. */
export async function get(url: string, options: Partial<FetchOptions> = {}, signal?: AbortSignal) {
  const fetch = await createFetch({ environment: {}, ...options });
  return fetch(url, signal ? { signal } : {});
}
