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

/** A part of a JWT: an object, or the very text where JSON of an object would not do. */
export type JwtPart = Json | string;

/** A JWT signed with this key, whatever its header says. */
export function signJwt(header: JwtPart, claims: JwtPart, key: SigningKey): string {
  const input = signingInput(header, claims);
  const signature = sign('sha256', Buffer.from(input), { key: key.privateKey, dsaEncoding: 'ieee-p1363' });
  return `${input}.${signature.toString('base64url')}`;
}

/** A JWT whose signature is an HMAC: by a client secret, or by what an attacker makes of a public key. */
export function hmacJwt(header: JwtPart, claims: JwtPart, secret: string | Buffer, bits = 256): string {
  const input = signingInput(header, claims);
  return `${input}.${createHmac(`sha${bits}`, secret).update(input).digest('base64url')}`;
}

/** A JWT without a signature. */
export function unsignedJwt(header: JwtPart, claims: JwtPart): string {
  return `${signingInput(header, claims)}.`;
}

/** A JWT whose signature is these bytes. */
export function jwtWithSignature(header: JwtPart, claims: JwtPart, signature: Buffer): string {
  return `${signingInput(header, claims)}.${signature.toString('base64url')}`;
}

function signingInput(...parts: readonly JwtPart[]): string {
  const texts = parts.map((part) => (typeof part === 'string' ? part : JSON.stringify(part)));
  return texts.map((text) => Buffer.from(text).toString('base64url')).join('.');
}
