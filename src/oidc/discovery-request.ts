import { LogtoError } from '../errors.js';
import { addressHint, answerHint } from './discovery-hints.js';
import { askWithinOrigin, isNetworkError, readJsonObject, type Subject } from './http-answer.js';
import { discoveryUrl, issuerMismatch, isWorthAsking } from './issuer-mismatch.js';
import type { ProviderMetadata } from './provider-metadata.js';
import type { ProviderOptions } from './provider-options.js';
import { checkDiscoveryDocument } from './validate/discovery-document.js';

/** A provider's discovery document, as its failures are told. */
export function discoverySubject({
  issuer,
  namedBy,
  now,
  observe,
}: Pick<ProviderOptions, 'issuer' | 'namedBy' | 'now' | 'observe'>): Subject {
  return {
    name: `The discovery document ${discoveryUrl(issuer)}`,
    code: 'discovery_invalid',
    hint: addressHint(namedBy),
    namedBy,
    now,
    observe,
  };
}

/**
 * Asks a provider for its discovery document (OpenID Connect Discovery 1.0, section 4), and checks it. One that belongs to
 * another issuer is looked for at that one too, once: only then can it be said what to set.
 *
 * @throws LogtoError `discovery_invalid`, `issuer_mismatch`, network codes; the signal's reason
 */
export async function fetchMetadata(
  options: ProviderOptions,
  signal?: AbortSignal,
): Promise<ProviderMetadata> {
  let metadata: ProviderMetadata;
  try {
    metadata = await documentOf(options, signal);
  } catch (error) {
    throw await settled(error, options, signal);
  }
  options.observe?.({ kind: 'metadata', metadata, isCached: false });
  return metadata;
}

async function documentOf(options: ProviderOptions, signal?: AbortSignal): Promise<ProviderMetadata> {
  const { issuer, namedBy, fetch } = options;
  const subject = discoverySubject(options);
  const url = discoveryUrl(issuer);
  const init = { headers: { accept: 'application/json' }, ...(signal && { signal }) };
  const response = await askWithinOrigin(fetch, url, init, subject);
  const hint = answerHint(response.status, await response.clone().text(), url, namedBy);
  return checkDiscoveryDocument(await readJsonObject(response, { ...subject, hint }), issuer, subject);
}

/** The failure, once it is known whether the issuer that was found can be set. */
async function settled(error: unknown, options: ProviderOptions, signal?: AbortSignal): Promise<unknown> {
  const found = error instanceof LogtoError && error.code === 'issuer_mismatch' && error.details?.['found'];
  const { issuer, namedBy } = options;
  if (typeof found !== 'string' || !isWorthAsking(issuer, found)) return error;
  try {
    await documentOf({ ...options, issuer: found, observe: undefined }, signal);
    return issuerMismatch(issuer, found, namedBy, { works: true });
  } catch (failure) {
    if (!(failure instanceof LogtoError) || failure.code === 'interrupted') return failure;
    return issuerMismatch(issuer, found, namedBy, { works: false, why: reasonOf(failure, found) });
  }
}

/** Why an issuer cannot be set, at the end of a sentence. */
function reasonOf(failure: LogtoError, issuer: string): string {
  const url = discoveryUrl(issuer);
  if (failure.code === 'issuer_mismatch') return `${url} has the document of yet another issuer`;
  return isNetworkError(failure) ? `${url} cannot be reached from here` : `${url} has no usable document`;
}
