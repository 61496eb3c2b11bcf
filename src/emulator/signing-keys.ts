import { generateKeyPairSync, type KeyObject, randomBytes, sign, verify } from 'node:crypto';
import type { JWK } from 'oidc-provider';

/** More than sign-ins that go on at once. */
const maximumKeys = 100;

interface SigningKey {
  readonly kid: string;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

type Json = Record<string, unknown>;

/** A JWT that can be changed and signed again. */
export interface OpenJwt {
  readonly header: Json;
  readonly claims: Json;
}

/** The keys of one emulator: the engine's, and those that followed when faults rotated them. */
export class SigningKeys {
  readonly #first = newKey();
  #keys: readonly SigningKey[] = [this.#first];

  /** What the engine signs with. */
  get engineKey(): JWK {
    return { ...this.#first.privateKey.export({ format: 'jwk' }), ...described(this.#first) } as JWK;
  }

  /** What is published, the newest first. */
  get published(): readonly Json[] {
    return this.#keys.map((key) => ({ ...key.publicKey.export({ format: 'jwk' }), ...described(key) }));
  }

  /** Another key signs from now on. Those before it stay published for a while. */
  rotate(): void {
    const former = this.#keys.filter((key) => key !== this.#first).slice(0, maximumKeys);
    this.#keys = [newKey(), ...former, this.#first];
  }

  /** Signs with the newest key. */
  sign(jwt: OpenJwt): string {
    return signed(jwt, this.#keys[0] ?? this.#first);
  }

  /** Signs with a key that nobody knows, and says that it is the newest. */
  forge(jwt: OpenJwt): string {
    return signed(jwt, { ...newKey(), kid: (this.#keys[0] ?? this.#first).kid });
  }

  /** The same token with the signature of the engine's key, where one of these keys has signed it; else as it is. */
  forEngine(token: string): string {
    const jwt = openJwt(token);
    const key = this.#keys.find(({ kid }) => kid === jwt?.header['kid']);
    if (jwt === null || key === undefined || key === this.#first) return token;
    const [header, claims, signature = ''] = token.split('.');
    const isOurs = verify(
      'sha384',
      Buffer.from(`${header}.${claims}`),
      { key: key.publicKey, dsaEncoding: 'ieee-p1363' },
      Buffer.from(signature, 'base64url'),
    );
    return isOurs ? signed(jwt, this.#first) : token;
  }
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

function signed({ header, claims }: OpenJwt, { kid, privateKey }: SigningKey): string {
  const input = signingInput({ header: { ...header, kid }, claims });
  const signature = sign('sha384', Buffer.from(input), { key: privateKey, dsaEncoding: 'ieee-p1363' });
  return `${input}.${signature.toString('base64url')}`;
}

function newKey(): SigningKey {
  return {
    kid: randomBytes(32).toString('base64url'),
    ...generateKeyPairSync('ec', { namedCurve: 'P-384' }),
  };
}

function described({ kid }: SigningKey) {
  return { kid, alg: 'ES384', use: 'sig' };
}
