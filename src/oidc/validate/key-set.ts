import type { Fetch } from '../../network/fetch.js';
import {
  askWithinOrigin,
  invalidAnswer,
  isJsonObject,
  type JsonObject,
  readJsonObject,
  type Subject,
} from '../http-answer.js';
import { verifying } from '../provider-event.js';

/** The public keys of a provider (RFC 7517, section 5). */
export interface KeySet {
  readonly keys: readonly JsonObject[];
}

/** Whether this is a list of keys; each may still turn out to be broken. */
export function isKeySet(value: unknown): value is KeySet {
  return isJsonObject(value) && Array.isArray(value['keys']) && value['keys'].every(isJsonObject);
}

/**
 * Asks a provider for its keys: one request, plus redirects within the origin.
 *
 * @throws LogtoError `jwks_invalid`, network codes
 */
export async function fetchKeySet(
  fetch: Fetch,
  url: string,
  { now, observe }: Pick<Subject, 'now' | 'observe'>,
): Promise<KeySet> {
  const subject: Subject = {
    name: `The key set ${url}`,
    code: 'jwks_invalid',
    hint: 'Open that address: it must answer with the JSON keys of the provider, which has to correct it.',
    now,
    observe,
  };
  const headers = { accept: 'application/json, application/jwk-set+json' };
  return readKeySet(await askWithinOrigin(fetch, url, { headers }, subject), subject);
}

/** The keys in an answer, told in the subject's words. @throws LogtoError `jwks_invalid`, network codes */
export async function readKeySet(response: Response, subject: Subject): Promise<KeySet> {
  const keys = await readJsonObject(response, subject);
  verifying(subject.observe, 'key set')('keys is a list of keys', 'RFC 7517, 5', isKeySet(keys));
  if (!isKeySet(keys)) throw invalidAnswer(subject, 'has no list of keys');
  return keys;
}
