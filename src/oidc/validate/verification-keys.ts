import { LogtoError } from '../../errors.js';
import type { Fetch } from '../../network/fetch.js';
import { isNetworkError, type JsonObject, type Subject } from '../http-answer.js';
import type { ProviderOptions } from '../provider-options.js';
import type { ProviderRecord } from '../provider-record.js';
import { isSignedWithSecret } from './hmac-signature.js';
import { type KeyProblem, selectKey } from './key-selection.js';
import { fetchKeySet, type KeySet } from './key-set.js';
import { forgeryError, type SignedPart, tellSignature } from './signed-part.js';
import { type AlgorithmRules, isSigningAlgorithm, isSymmetric } from './signing-algorithm.js';

/**
 * What the signature of one answer is verified with: what is known of the provider, and what that says anew, asked at
 * most once each, where what is known does not serve. The provider may have changed its keys, their algorithm or where
 * it publishes them.
 */
export class VerificationKeys {
  readonly #record: ProviderRecord;
  readonly #options: ProviderOptions;
  readonly #fetch: Fetch;
  #fetched: KeySet | null = null;
  #unreachable: LogtoError | null = null;
  #isRenewed = false;
  /** Whether the key that was chosen is one of those that were known before. */
  #isKnownKey = false;

  constructor(options: ProviderOptions, record: ProviderRecord, fetch: Fetch = options.fetch) {
    this.#options = options;
    this.#record = record;
    this.#fetch = fetch;
  }

  /** The keys, where they had to be asked for. */
  get fetched(): KeySet | null {
    return this.#fetched;
  }

  /**
   * Asks for the keys now, unless they are known, so that nobody has to wait for them once there is an answer. Keys that
   * cannot be reached are not asked for again: {@link keyFor} then fails at once.
   *
   * @throws LogtoError `jwks_invalid`
   */
  async prepare(fetch: Fetch): Promise<void> {
    if (this.#record.keys !== null) return;
    try {
      this.#fetched = await this.#ask(fetch);
    } catch (error) {
      // An answer without anything signed needs no keys.
      if (!isNetworkError(error)) throw error;
      this.#unreachable = error;
    }
  }

  /**
   * Which algorithms may sign such a JWT. What the provider announces is asked anew where it lacks `alg`.
   *
   * @throws LogtoError `discovery_invalid`, `issuer_mismatch`, network codes
   */
  async rulesFor(of: SignedPart['of'], alg: unknown): Promise<AlgorithmRules> {
    const isMissing = isSigningAlgorithm(alg) && !(this.#announced(of) ?? ['RS256']).includes(alg);
    if (isMissing && this.#record.isOfEarlier) await this.#renew();
    const { clientSecret } = this.#options;
    return { announced: this.#announced(of), clientSecret };
  }

  /**
   * A JWT of an algorithm that those rules trust; one that is signed with the client's secret is verified here.
   *
   * @throws LogtoError `id_token_invalid`, or the subject's code
   */
  signed(part: Omit<SignedPart, 'isVerified'>, subject: Subject): SignedPart {
    const alg = String(part.header['alg']);
    const signed = { ...part, isVerified: isSymmetric(alg) };
    if (!signed.isVerified || isSignedWithSecret(part.jwt, alg, this.#options.clientSecret ?? ''))
      return signed;
    tellSignature(signed, subject.observe, false);
    throw forgeryError(signed, subject);
  }

  /**
   * The key for a JWT, or why there is none.
   *
   * @throws LogtoError `jwks_invalid`, network codes
   */
  async keyFor({
    header,
    issuer,
  }: Pick<SignedPart, 'header' | 'issuer'>): Promise<
    { readonly key: JsonObject } | { readonly problem: KeyProblem }
  > {
    const shared = { template: this.#options.issuer, issuer };
    const { keys: known } = this.#record;
    if (known !== null && this.#fetched === null) {
      const selected = selectKey(header, known.keys, shared);
      this.#isKnownKey = 'key' in selected;
      if ('key' in selected) return selected;
    }
    this.#record.dropKeys();
    if (this.#unreachable !== null) throw this.#unreachable;
    this.#fetched ??= await this.#ask(this.#fetch);
    const selected = selectKey(header, this.#fetched.keys, shared);
    if ('key' in selected || selected.problem.kind !== 'absent' || !this.#record.isOld) return selected;
    const moved = await this.#askWhereTheyMoved(this.#fetch);
    if (moved === null) return selected;
    this.#fetched = moved;
    return selectKey(header, moved.keys, shared);
  }

  /** The key verified nothing. @returns whether there may be others by now */
  distrust(): boolean {
    const wasKnown = this.#isKnownKey;
    this.#isKnownKey = false;
    this.#record.dropKeys();
    return wasKnown;
  }

  #announced(of: SignedPart['of']): readonly string[] | undefined {
    const {
      id_token_signing_alg_values_supported: ofIdTokens,
      userinfo_signing_alg_values_supported: ofUserInfo,
    } = this.#record.metadata;
    return of === 'ID token' ? ofIdTokens : (ofUserInfo ?? ofIdTokens);
  }

  async #ask(fetch: Fetch): Promise<KeySet> {
    const { jwks_uri: url } = this.#record.metadata;
    try {
      return await fetchKeySet(fetch, url, this.#options);
    } catch (error) {
      if (!(error instanceof LogtoError) || error.code !== 'jwks_invalid' || !this.#record.isOfEarlier)
        throw error;
      const moved = await this.#askWhereTheyMoved(fetch);
      if (moved === null) throw error;
      return moved;
    }
  }

  /** The keys of the address that the provider names by now; `null`: that is the one that was asked. */
  async #askWhereTheyMoved(fetch: Fetch): Promise<KeySet | null> {
    const { jwks_uri: before } = this.#record.metadata;
    await this.#renew();
    const { jwks_uri: url } = this.#record.metadata;
    return url === before ? null : fetchKeySet(fetch, url, this.#options);
  }

  async #renew(): Promise<void> {
    if (this.#isRenewed) return;
    this.#isRenewed = true;
    await this.#record.renewMetadata();
  }
}
