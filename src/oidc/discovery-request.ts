import type { FetchInit } from '../network/fetch.js';
import { checkDiscoveryDocument } from './discovery-document.js';
import { askWithinOrigin, readJsonObject, type Subject } from './http-answer.js';
import type { ProviderMetadata, ProviderOptions } from './provider.js';

/** The discovery document of a provider, as its failures are told. */
export function discoverySubject({ issuer, now, observe }: ProviderOptions): Subject {
  return {
    name: `The discovery document ${documentOf(issuer)}`,
    code: 'discovery_invalid',
    hint,
    now,
    observe,
  };
}

/**
 * Asks a provider for its discovery document: one request, plus redirects within the origin.
 *
 * @throws LogtoError `discovery_invalid`, `issuer_mismatch`, network codes
 */
export async function fetchMetadata(
  options: ProviderOptions,
  signal?: AbortSignal,
): Promise<ProviderMetadata> {
  const { issuer, fetch, observe } = options;
  const subject = discoverySubject(options);
  const init: FetchInit = { headers: { accept: 'application/json' }, ...(signal && { signal }) };
  const answer = await askWithinOrigin(fetch, documentOf(issuer), init, subject);
  const metadata = checkDiscoveryDocument(await readJsonObject(answer, subject), issuer, subject);
  observe?.({ kind: 'metadata', metadata, isCached: false });
  return metadata;
}

function documentOf(issuer: string): string {
  return `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
}

const hint =
  "Check the address: --endpoint takes what Logto's Console shows (Applications > your application > Endpoint, " +
  'without /oidc), --issuer the issuer of any other provider.';
