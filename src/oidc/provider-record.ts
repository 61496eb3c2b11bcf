import { LogtoError } from '../errors.js';
import { discoverySubject, fetchMetadata } from './discovery-request.js';
import { isJsonObject, type JsonObject, parseJsonObject } from './http-answer.js';
import type { ProviderObserver } from './provider-event.js';
import type { ProviderMetadata } from './provider-metadata.js';
import type { ProviderOptions } from './provider-options.js';
import { checkDiscoveryDocument } from './validate/discovery-document.js';
import { isKeySet, type KeySet } from './validate/key-set.js';

/** Milliseconds for which a discovery document and keys are used without asking for them again. */
const lifetime = 24 * 3_600_000;

/** Milliseconds after which a provider may well say something else. */
const moment = 60_000;

/** The version of the record that this program writes and reads. */
const version = 1;

/** Something that a provider said, and when: milliseconds since 1970. */
interface Known<Value> {
  readonly value: Value;
  readonly since: number;
}

/**
 * What is known of a provider: its metadata, and the keys that its signatures were last verified with. In memory, and
 * where there is a cache in that too; a cache that fails costs requests and nothing else.
 */
export class ProviderRecord {
  readonly #options: ProviderOptions;
  #metadata: Known<ProviderMetadata>;
  #isCached: boolean;
  #keys: Known<KeySet> | null;

  private constructor(
    options: ProviderOptions,
    metadata: Known<ProviderMetadata>,
    cached: { readonly keys: Known<KeySet> | null } | null,
  ) {
    this.#options = options;
    this.#metadata = metadata;
    this.#isCached = cached !== null;
    this.#keys = cached?.keys ?? null;
  }

  /**
   * The record in the cache; `null` when there is none that can be used.
   *
   * @param observe is told what is checked in it
   */
  static async read(options: ProviderOptions, observe?: ProviderObserver): Promise<ProviderRecord | null> {
    const { cache, now } = options;
    const text = await unlessItFails(async () => cache?.get(cacheKey(options)));
    const record = parseJsonObject(text ?? '');
    const metadata = record?.['metadata'];
    if (record?.['version'] !== version || !isKnown(metadata, isJsonObject, now())) return null;
    const checked = await unlessItFails(async () =>
      checkDiscoveryDocument(metadata.value, options, discoverySubject({ ...options, observe })),
    );
    if (checked === undefined) return null;
    const keys = record['keys'];
    return new ProviderRecord(
      options,
      { value: checked, since: metadata.since },
      { keys: isKnown(keys, isKeySet, now()) ? keys : null },
    );
  }

  /**
   * Begins the record of a provider with what that says now.
   *
   * @throws LogtoError `discovery_invalid`, `issuer_mismatch`, network codes; the signal's reason
   */
  static async begin(options: ProviderOptions, signal?: AbortSignal): Promise<ProviderRecord> {
    const value = await fetchMetadata(options, signal);
    const record = new ProviderRecord(options, { value, since: options.now() }, null);
    await record.#write();
    return record;
  }

  get metadata(): ProviderMetadata {
    return this.#metadata.value;
  }

  /** Whether the metadata were asked for by another process, or so long ago that the provider may have changed since. */
  get isOfEarlier(): boolean {
    return this.#isCached || this.isOld;
  }

  /** Whether they were asked for more than a minute ago. */
  get isOld(): boolean {
    const age = this.#options.now() - this.#metadata.since;
    return age < 0 || age > moment;
  }

  /**
   * Asks the provider for its metadata anew.
   *
   * @throws LogtoError `discovery_invalid`, `issuer_mismatch`, network codes
   */
  async renewMetadata(): Promise<void> {
    this.#metadata = { value: await fetchMetadata(this.#options), since: this.#options.now() };
    this.#isCached = false;
    await this.#write();
  }

  /** The keys, as long as they need not be asked for again. */
  get keys(): KeySet | null {
    return this.#keys !== null && isFresh(this.#keys.since, this.#options.now()) ? this.#keys.value : null;
  }

  /** Keeps keys that have served just now. */
  async keepKeys(keys: KeySet): Promise<void> {
    this.#keys = { value: keys, since: this.#options.now() };
    await this.#write();
  }

  /** The provider may have other keys by now. */
  dropKeys(): void {
    this.#keys = null;
  }

  /** The provider may have changed: whoever comes next asks it again. */
  async forget(): Promise<void> {
    const { cache } = this.#options;
    await unlessItFails(async () => cache?.delete(cacheKey(this.#options)));
  }

  async #write(): Promise<void> {
    const { cache } = this.#options;
    const text = JSON.stringify({ version, metadata: this.#metadata, keys: this.#keys });
    await unlessItFails(async () => cache?.set(cacheKey(this.#options), text));
  }
}

/** What one place says of an issuer is not what another place does. */
function cacheKey({ issuer, discoveryUrl }: ProviderOptions): string {
  return discoveryUrl === undefined ? issuer : `${issuer} ${discoveryUrl}`;
}

function isKnown<Value>(
  known: unknown,
  isValue: (value: unknown) => value is Value,
  now: number,
): known is Known<Value> & JsonObject {
  return isJsonObject(known) && isValue(known['value']) && isFresh(known['since'], now);
}

/** What comes from the future was written by a wrong clock, and would live too long. */
function isFresh(since: unknown, now: number): boolean {
  return typeof since === 'number' && since <= now && now - since < lifetime;
}

/** `undefined` for a failure that we can name: it is no reason to fail, since the provider can be asked instead. */
async function unlessItFails<Result>(work: () => Promise<Result>): Promise<Result | undefined> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof LogtoError) return undefined;
    throw error;
  }
}
