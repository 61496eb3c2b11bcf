import { LogtoError } from '../errors.js';
import { checkDiscoveryDocument } from './discovery-document.js';
import { isJsonObject, type JsonObject, parseJsonObject, type Subject } from './http-answer.js';
import { isKeySet, type KeySet } from './key-set.js';
import type { ProviderMetadata, ProviderOptions } from './provider.js';

/** Milliseconds for which a discovery document and keys are used without asking for them again. */
const lifetime = 24 * 3_600_000;

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
  readonly #metadata: Known<ProviderMetadata>;
  #keys: Known<KeySet> | null;

  private constructor(
    options: ProviderOptions,
    metadata: Known<ProviderMetadata>,
    keys: Known<KeySet> | null,
  ) {
    this.#options = options;
    this.#metadata = metadata;
    this.#keys = keys;
  }

  /** The record in the cache; `null` when there is none that can be used. */
  static async read(options: ProviderOptions, subject: Subject): Promise<ProviderRecord | null> {
    const { cache, issuer, now } = options;
    const text = await unlessItFails(async () => cache?.get(issuer));
    const record = parseJsonObject(text ?? '');
    const metadata = record?.['metadata'];
    if (record?.['version'] !== version || !isKnown(metadata, isJsonObject, now())) return null;
    const checked = await unlessItFails(async () => checkDiscoveryDocument(metadata.value, issuer, subject));
    if (checked === undefined) return null;
    const keys = record['keys'];
    return new ProviderRecord(
      options,
      { value: checked, since: metadata.since },
      isKnown(keys, isKeySet, now()) ? keys : null,
    );
  }

  /** Begins the record of a provider whose discovery document has just come. */
  static async begin(options: ProviderOptions, metadata: ProviderMetadata): Promise<ProviderRecord> {
    const record = new ProviderRecord(options, { value: metadata, since: options.now() }, null);
    await record.#write();
    return record;
  }

  get metadata(): ProviderMetadata {
    return this.#metadata.value;
  }

  /** The keys, as long as they need not be asked for again. */
  get keys(): KeySet | null {
    return this.#keys !== null && isFresh(this.#keys.since, this.#options.now()) ? this.#keys.value : null;
  }

  /** Keeps keys that have just verified a signature. */
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
    const { cache, issuer } = this.#options;
    await unlessItFails(async () => cache?.delete(issuer));
  }

  async #write(): Promise<void> {
    const { cache, issuer } = this.#options;
    const text = JSON.stringify({ version, metadata: this.#metadata, keys: this.#keys });
    await unlessItFails(async () => cache?.set(issuer, text));
  }
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
