import { createHmac, createPrivateKey, type KeyObject, sign } from 'node:crypto';
import { LogtoError } from '../errors.js';
import { isJsonObject, type JsonObject, parseJsonObject } from './http-answer.js';
import { hashOf, signatureForm } from './jws.js';

/** What a client signs its assertions with (RFC 7523, section 2.2). */
export interface ClientKey {
  /** JWS algorithms that it can be used with (RFC 7518, section 3.1), the most usual one first. */
  readonly algorithms: readonly string[];
  /** The `kid` of a JWK. */
  readonly keyId?: string;
  readonly sign: (algorithm: string, data: string) => Buffer;
}

const rsaAlgorithms = ['RS256', 'PS256', 'RS384', 'PS384', 'RS512', 'PS512'];

const curveAlgorithms: Readonly<Record<string, string>> = {
  prime256v1: 'ES256',
  secp384r1: 'ES384',
  secp521r1: 'ES512',
  secp256k1: 'ES256K',
};

/**
 * Reads a private key: PEM (PKCS #8, PKCS #1 or SEC 1), JWK, or a JWK set that holds one. An error repeats nothing of it.
 *
 * @throws LogtoError `config_invalid`
 */
export function parseClientKey(given: string): ClientKey {
  const text = given.replace(/^\uFEFF/, '').trim();
  const jwk = text.startsWith('{') ? jwkIn(text) : null;
  // Variables of some CI systems have no line breaks.
  const pem = text.includes('\n') ? text : text.replaceAll('\\n', '\n');
  let key: KeyObject;
  try {
    key = createPrivateKey(jwk === null ? pem : { key: jwk, format: 'jwk' });
  } catch {
    throw unusable(whyNot(text));
  }
  const possible = algorithmsOf(key);
  const { alg, kid } = jwk ?? {};
  const algorithms = typeof alg === 'string' ? possible.filter((name) => name === alg) : possible;
  if (algorithms.length === 0) {
    throw unusable(
      possible.length === 0 ? 'is of a kind that signs no JWT' : 'has an alg that does not fit it',
    );
  }
  return {
    algorithms,
    ...(typeof kid === 'string' && { keyId: kid }),
    sign: (algorithm, data) =>
      sign(hashOf(algorithm), Buffer.from(data), { key, ...signatureForm(algorithm) }),
  };
}

/** A client's secret as a key (OpenID Connect Core 1.0, sections 9 and 10.1). */
export function keyOfSecret(secret: string): ClientKey {
  return {
    algorithms: ['HS256', 'HS384', 'HS512'],
    sign: (algorithm, data) =>
      createHmac(hashOf(algorithm) ?? '', secret)
        .update(data)
        .digest(),
  };
}

function jwkIn(text: string): JsonObject {
  const parsed = parseJsonObject(text);
  if (parsed === null) throw unusable('is no JSON');
  const { keys } = parsed;
  const all = Array.isArray(keys) ? keys.filter(isJsonObject) : [parsed];
  const [jwk, another] = all.filter(({ d }) => typeof d === 'string');
  if (jwk === undefined) throw unusable('is no private key: it has no member d');
  if (another !== undefined) throw unusable('is a set of several private keys');
  return jwk;
}

function whyNot(text: string): string {
  if (/-----BEGIN [A-Z ]*PUBLIC KEY-----/.test(text)) return 'is a public key, and the private one is needed';
  if (/-----BEGIN CERTIFICATE-----/.test(text) && !text.includes('PRIVATE KEY-----'))
    return 'is a certificate';
  if (/-----BEGIN ENCRYPTED |ENCRYPTED$/m.test(text)) return 'is encrypted';
  return 'is neither PEM nor a JWK, or damaged';
}

function algorithmsOf(key: KeyObject): readonly string[] {
  switch (key.asymmetricKeyType) {
    case 'rsa':
      return rsaAlgorithms;
    case 'rsa-pss':
      return rsaAlgorithms.filter((name) => name.startsWith('PS'));
    case 'ec': {
      const algorithm = curveAlgorithms[key.asymmetricKeyDetails?.namedCurve ?? ''];
      return algorithm === undefined ? [] : [algorithm];
    }
    case 'ed25519':
      // The name of RFC 8037, and that of RFC 9864.
      return ['EdDSA', 'Ed25519'];
    case 'ed448':
      return ['EdDSA', 'Ed448'];
    default:
      return [];
  }
}

function unusable(what: string): LogtoError {
  return new LogtoError(
    'config_invalid',
    `The key of the application (--client-key, LOGTO_CLI_CLIENT_KEY) ${what}.`,
    'Give the private key whose public half the provider knows: PEM (PKCS #8, PKCS #1 or SEC 1) without a passphrase, or a JWK.',
  );
}
