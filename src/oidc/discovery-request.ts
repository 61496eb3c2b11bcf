import { LogtoError } from '../errors.js';
import { addressHint, answerHint } from './discovery-hints.js';
import { askWithinOrigin, isNetworkError, readJsonObject, type Subject } from './http-answer.js';
import { issuerMismatch, isWorthAsking } from './issuer-mismatch.js';
import { documentUrl } from './issuer-url.js';
import type { ProviderMetadata } from './provider-metadata.js';
import type { ProviderOptions } from './provider-options.js';
import { checkDiscoveryDocument } from './validate/discovery-document.js';

/** A provider's discovery document, as its failures are told. */
export function discoverySubject(
  options: Pick<ProviderOptions, 'issuer' | 'discoveryUrl' | 'namedBy' | 'now' | 'observe'>,
): Subject {
  const { namedBy, now, observe } = options;
  return {
    name: `The discovery document ${documentUrl(options)}`,
    code: 'discovery_invalid',
    hint: addressHint(options),
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
  const { fetch } = options;
  const subject = discoverySubject(options);
  const url = documentUrl(options);
  if (options.discoveryUrl !== undefined) options.observe?.({ kind: 'document', url });
  const init = { headers: { accept: 'application/json' }, ...(signal && { signal }) };
  const response = await askWithinOrigin(fetch, url, init, subject);
  const hint = answerHint(response.status, await response.clone().text(), options);
  return checkDiscoveryDocument(await readJsonObject(response, { ...subject, hint }), options, subject);
}

/** The failure, once it is known whether the issuer that was found can be set. */
async function settled(error: unknown, options: ProviderOptions, signal?: AbortSignal): Promise<unknown> {
  const found = error instanceof LogtoError && error.code === 'issuer_mismatch' && error.details?.['found'];
  const { namedBy } = options;
  if (typeof found !== 'string' || !isWorthAsking(options, found)) return error;
  try {
    await documentOf({ ...options, issuer: found, observe: undefined }, signal);
    return issuerMismatch(options, found, namedBy, { works: true });
  } catch (failure) {
    if (!(failure instanceof LogtoError) || failure.code === 'interrupted') return failure;
    const why = reasonOf(failure, found);
    return issuerMismatch(options, found, namedBy, {
      works: false,
      why,
      isEmpty: failure.code === 'discovery_invalid',
    });
  }
}

/** Why an issuer cannot be set, at the end of a sentence. */
function reasonOf(failure: LogtoError, issuer: string): string {
  const url = documentUrl({ issuer });
  if (failure.code === 'issuer_mismatch') return `${url} has the document of yet another issuer`;
  return isNetworkError(failure) ? `${url} cannot be reached from here` : `${url} has no usable document`;
}
