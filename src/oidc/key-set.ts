import { isJsonObject, type JsonObject } from './http-answer.js';

/** The public keys of a provider (RFC 7517, section 5). */
export interface KeySet {
  readonly keys: readonly JsonObject[];
}

/** Whether this is a list of keys; each may still turn out to be broken. */
export function isKeySet(value: unknown): value is KeySet {
  return isJsonObject(value) && Array.isArray(value['keys']) && value['keys'].every(isJsonObject);
}
