import type { EmulatorRequest } from './emulator-request.js';

/** What an emulator publishes, and how often that was read. */
export interface Publication {
  /** By what ID tokens may be signed, as the discovery document says. */
  readonly idTokenAlgorithms: readonly string[];
  /** How many keys there are at this moment, with those of faults. */
  readonly keys: number;
  /** How often each document was answered so far, in whatever way. */
  readonly reads: { readonly discovery: number; readonly keys: number };
}

const documents: Readonly<Record<string, keyof Publication['reads']>> = {
  '/oidc/.well-known/openid-configuration': 'discovery',
  '/oidc/jwks': 'keys',
};

/** Counts how often what is published is read. */
export class Reads {
  readonly #counts = { discovery: 0, keys: 0 };

  /** As it is now. */
  get counts(): Publication['reads'] {
    return { ...this.#counts };
  }

  count({ path }: EmulatorRequest): void {
    const document = Object.hasOwn(documents, path) ? documents[path] : undefined;
    if (document !== undefined) this.#counts[document] += 1;
  }
}
