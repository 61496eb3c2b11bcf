import { randomBytes } from 'node:crypto';
import type { JWK } from 'oidc-provider';
import {
  isSignatureOf,
  type KeyPair,
  newKeyPair,
  type SigningAlgorithm,
  signatureOf,
} from './signing-algorithms.js';

/** More than sign-ins that go on at once. */
const maximumRotatedKeys = 100;
/** Of the keys that are published and never used. */
const furtherAlgorithms = ['RS256', 'ES256', 'EdDSA', 'ES384'] as const;

/** A key that signs, and what it is known by. */
export interface SigningKey extends KeyPair {
  readonly algorithm: SigningAlgorithm;
  readonly kid: string;
}

interface RotatedKey extends SigningKey {
  /** Aborted when the key is not published any more. */
  readonly withdrawn: AbortSignal | undefined;
  /** Whether it signs more than one answer. */
  readonly isKept: boolean;
}

type Json = Record<string, unknown>;

/** A JWT that can be changed and signed again. */
export interface OpenJwt {
  readonly header: Json;
  readonly claims: Json;
}

/** The keys of one emulator: one for each algorithm that is used, which the engine has too, and those of faults. */
export class SigningKeys {
  #rotated: readonly RotatedKey[] = [];
  /** Keys of other algorithms, by the algorithm in whose place they sign. */
  readonly #inPlace = new Map<SigningAlgorithm, SigningKey>();
  /** Keys of forgers. */
  readonly #unpublished = new Map<SigningAlgorithm, Promise<SigningKey>>();
  #further: Promise<readonly SigningKey[]> | null = null;

  private constructor(private readonly own: readonly SigningKey[]) {}

  /** Makes no other keys than these: those of RSA take their time. */
  static async create(algorithms: ReadonlySet<SigningAlgorithm>): Promise<SigningKeys> {
    return new SigningKeys(await Promise.all([...algorithms].map(newKey)));
  }

  /** What the engine signs with. */
  get engineKeys(): JWK[] {
    return this.own.map((key) => ({ ...key.privateKey.export({ format: 'jwk' }), ...described(key) }) as JWK);
  }

  /** What is published: first what signs, where nothing is wrong. */
  get published(): readonly Json[] {
    return this.#inUse.map(publicJwk);
  }

  get #inUse(): readonly SigningKey[] {
    const rotated = this.#rotated.filter(({ withdrawn }) => withdrawn?.aborted !== true);
    return [...this.own, ...this.#inPlace.values(), ...rotated];
  }

  /** Keys of other algorithms, with which nothing is signed. They are made when they are asked for first. */
  async further(): Promise<readonly Json[]> {
    const used = new Set(this.own.map(({ algorithm }) => algorithm));
    this.#further ??= Promise.all(furtherAlgorithms.filter((algorithm) => !used.has(algorithm)).map(newKey));
    return (await this.#further).map(publicJwk);
  }

  /** The key with which the engine signs by this algorithm. */
  key(algorithm: unknown): SigningKey {
    const key = this.own.find((one) => one.algorithm === algorithm);
    if (key === undefined) throw new Error('The engine signed with an algorithm for which it has no key.');
    return key;
  }

  /**
   * A key that nobody has seen before, published from now on for a while.
   *
   * @param withdrawn ends that earlier
   */
  async rotate(algorithm: SigningAlgorithm, withdrawn?: AbortSignal): Promise<SigningKey> {
    return this.#rotate(algorithm, withdrawn, false);
  }

  /** As {@link rotate}: the same key each time, until it is withdrawn. */
  async rotated(algorithm: SigningAlgorithm, withdrawn?: AbortSignal): Promise<SigningKey> {
    const known = this.#rotated.find(
      (key) => key.isKept && key.algorithm === algorithm && key.withdrawn === withdrawn,
    );
    return known ?? this.#rotate(algorithm, withdrawn, true);
  }

  /** A key that is never published, the same each time: one of RSA takes its time to be made. */
  unpublished(algorithm: SigningAlgorithm): Promise<SigningKey> {
    const key = this.#unpublished.get(algorithm) ?? newKey(algorithm);
    this.#unpublished.set(algorithm, key);
    return key;
  }

  /** A key of another algorithm that signs in the place of this one's, published from the first time on. */
  async inPlaceOf(algorithm: SigningAlgorithm): Promise<SigningKey> {
    const key = this.#inPlace.get(algorithm) ?? (await newKey(algorithm === 'RS256' ? 'ES384' : 'RS256'));
    const kept = this.#inPlace.get(algorithm) ?? key;
    this.#inPlace.set(algorithm, kept);
    return kept;
  }

  async #rotate(
    algorithm: SigningAlgorithm,
    withdrawn: AbortSignal | undefined,
    isKept: boolean,
  ): Promise<SigningKey> {
    const key = { ...(await newKey(algorithm)), withdrawn, isKept };
    this.#rotated = [key, ...this.#rotated].slice(0, maximumRotatedKeys);
    return key;
  }

  /** What a token says that one of the published keys has signed; `null` for anything else. */
  verified(token: string): OpenJwt | null {
    const jwt = openJwt(token);
    const { kid, alg } = jwt?.header ?? {};
    const key = this.#inUse.find((one) => one.kid === kid && one.algorithm === alg);
    const [header, claims, signature = ''] = token.split('.');
    const isSigned =
      key !== undefined && isSignatureOf(signature, `${header}.${claims}`, key.algorithm, key.publicKey);
    return isSigned ? jwt : null;
  }

  /** The same token with the signature of the engine's key, where the key of a fault has signed it; else as it is. */
  forEngine(token: string): string {
    const jwt = openJwt(token);
    const ofFaults = [...this.#rotated.map((key) => [key.algorithm, key] as const), ...this.#inPlace];
    const [algorithm, key] = ofFaults.find(([, { kid }]) => kid === jwt?.header['kid']) ?? [];
    if (jwt === null || key === undefined) return token;
    const [header, claims, signature = ''] = token.split('.');
    const isOurs = isSignatureOf(signature, `${header}.${claims}`, key.algorithm, key.publicKey);
    return isOurs ? signJwt(jwt, this.key(algorithm)) : token;
  }
}

/** A key of its own, known to nobody. */
export async function newKey(algorithm: SigningAlgorithm): Promise<SigningKey> {
  return { algorithm, kid: randomBytes(32).toString('base64url'), ...(await newKeyPair(algorithm)) };
}

/** Signs with a key, and names it and its algorithm. */
export function signJwt({ header, claims }: OpenJwt, key: SigningKey): string {
  return signAsItIs({ header: { ...header, alg: key.algorithm, kid: key.kid }, claims }, key);
}

/** Signs with a key, whatever the header says. */
export function signAsItIs(jwt: OpenJwt, { algorithm, privateKey }: SigningKey): string {
  const input = signingInput(jwt);
  return `${input}.${signatureOf(input, algorithm, privateKey)}`;
}

/** What a JWT says, unverified; `null` for anything else. */
export function openJwt(token: string): OpenJwt | null {
  try {
    const [header, claims] = token
      .split('.', 2)
      .map((part) => JSON.parse(Buffer.from(part, 'base64url').toString()));
    return typeof header === 'object' && typeof claims === 'object' ? { header, claims } : null;
  } catch {
    return null;
  }
}

/** The two parts that are signed (RFC 7515, section 5.1). */
export function signingInput({ header, claims }: OpenJwt): string {
  return [header, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
}

function publicJwk(key: SigningKey): Json {
  return { ...key.publicKey.export({ format: 'jwk' }), ...described(key) };
}

function described({ kid, algorithm }: SigningKey) {
  return { kid, alg: algorithm, use: 'sig' };
}
