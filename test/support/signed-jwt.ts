import { createHmac, generateKeyPairSync, type JsonWebKey, type KeyObject, sign } from 'node:crypto';

/** JSON of unknown content. */
export type Json = Record<string, unknown>;

/** A key that signs JWTs, and its public half as a JWK. */
export interface SigningKey {
  readonly alg: 'ES256' | 'RS256';
  readonly kid: string;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
  readonly jwk: JsonWebKey;
}

/** Makes a key; `modulusLength` is for RSA. */
export function createSigningKey(
  kid: string,
  alg: SigningKey['alg'] = 'ES256',
  modulusLength = 2048,
): SigningKey {
  const pair =
    alg === 'ES256'
      ? generateKeyPairSync('ec', { namedCurve: 'P-256' })
      : generateKeyPairSync('rsa', { modulusLength });
  return { alg, kid, ...pair, jwk: { ...pair.publicKey.export({ format: 'jwk' }), kid, alg, use: 'sig' } };
}

/** A JWT signed with this key, whatever its header says. */
export function signJwt(header: Json, claims: Json, key: SigningKey): string {
  const input = signingInput(header, claims);
  const signature = sign('sha256', Buffer.from(input), { key: key.privateKey, dsaEncoding: 'ieee-p1363' });
  return `${input}.${signature.toString('base64url')}`;
}

/** A JWT whose signature is an HMAC: what an attacker makes of a public key or of a client secret. */
export function hmacJwt(header: Json, claims: Json, secret: string): string {
  const input = signingInput(header, claims);
  return `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`;
}

/** A JWT without a signature. */
export function unsignedJwt(header: Json, claims: Json): string {
  return `${signingInput(header, claims)}.`;
}

function signingInput(header: Json, claims: Json): string {
  return [header, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
}
