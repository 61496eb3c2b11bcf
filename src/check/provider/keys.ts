import { createPublicKey, type JsonWebKey } from 'node:crypto';
import { exitCodeOf, LogtoError } from '../../errors.js';
import type { Fetch } from '../../network/fetch.js';
import {
  askWithinOrigin,
  invalidAnswer,
  type JsonObject,
  readJsonObject,
  type Subject,
} from '../../oidc/http-answer.js';
import { acceptableAlgorithms } from '../../oidc/id-token.js';
import { isKeySet } from '../../oidc/key-set.js';
import type { CheckResult } from '../check.js';
import { passed, resultOf, resultOfNetworkError } from '../check-results.js';
import type { DoctorCheck } from '../doctor-check.js';

/** The key set (RFC 7517) holds a key that an ID token can be verified with, by an algorithm that the provider announces. */
export const keys: DoctorCheck = {
  id: 'provider.keys',
  title: 'Keys',
  needs: ['provider.discovery'],
  run: async (subject) => {
    const { jwks_uri: url, id_token_signing_alg_values_supported: announced } = await subject.metadata();
    const about: Subject = {
      name: `The key set ${url}`,
      code: 'jwks_invalid',
      hint,
      now: subject.runtime.now,
    };
    try {
      return judgeKeys(await fetchKeys(await subject.fetch(), url, about), announced, about);
    } catch (error) {
      if (!(error instanceof LogtoError)) throw error;
      return exitCodeOf(error) === 7 ? resultOfNetworkError(error) : resultOf(error);
    }
  },
};

const hint = 'Open that address: it must answer with the JSON keys of the provider, which has to correct it.';

async function fetchKeys(fetch: Fetch, url: string, about: Subject): Promise<readonly JsonObject[]> {
  const headers = { accept: 'application/json' };
  const set = await readJsonObject(await askWithinOrigin(fetch, url, { headers }, about), about);
  if (!isKeySet(set)) throw invalidAnswer(about, 'has no list of keys');
  return set.keys;
}

function judgeKeys(
  found: readonly JsonObject[],
  announced: readonly string[] | undefined,
  about: Subject,
): CheckResult {
  const algorithms = acceptableAlgorithms(announced);
  if (algorithms.length === 0) {
    throw invalidAnswer(
      about,
      `cannot serve: the provider announces ${announced?.join(', ') || 'nothing'}, and no asymmetric algorithm`,
    );
  }
  const signing = found.filter(isForSigning);
  const broken = signing.filter((key) => isKnownType(key) && !isWhole(key));
  const served = algorithms.filter((name) => signing.some((key) => !broken.includes(key) && fits(key, name)));
  if (served.length === 0) {
    throw invalidAnswer(about, `has no usable key for ${algorithms.join(', ')} among its ${found.length}`);
  }
  if (broken.length > 0) {
    return {
      outcome: 'warning',
      code: 'jwks_invalid',
      message: `${about.name} has ${broken.length} of ${found.length} keys that cannot be read. Others serve ${served.join(', ')}.`,
      hint: 'Tokens signed with a broken key are refused: remove it, or correct it at the provider.',
    };
  }
  return passed(`${signing.length} for ${served.join(', ')}`);
}

function isForSigning({ use, key_ops: operations }: JsonObject): boolean {
  return (
    (use === undefined || use === 'sig') && (!Array.isArray(operations) || operations.includes('verify'))
  );
}

/** Others are to be ignored (RFC 7517, section 5). */
function isKnownType({ kty }: JsonObject): boolean {
  return ['RSA', 'EC', 'OKP'].includes(String(kty));
}

/** Verifiers refuse RSA keys under 2048 bits (RFC 7518, section 3.3). */
function isWhole(key: JsonObject): boolean {
  try {
    const { asymmetricKeyDetails } = createPublicKey({ key: key as JsonWebKey, format: 'jwk' });
    return (asymmetricKeyDetails?.modulusLength ?? 2048) >= 2048;
  } catch {
    return false;
  }
}

const curves: Readonly<Record<string, string>> = {
  ES256: 'P-256',
  ES384: 'P-384',
  ES512: 'P-521',
  EdDSA: 'Ed25519',
  Ed25519: 'Ed25519',
};

/** Whether a key serves this algorithm (RFC 7518, section 3.1; RFC 8037). */
function fits({ kty, crv, alg }: JsonObject, algorithm: string): boolean {
  const isOther = alg !== undefined && alg !== algorithm && !(crv === 'Ed25519' && curves[algorithm] === crv);
  if (isOther) return false;
  if (/^[RP]S/.test(algorithm)) return kty === 'RSA';
  return algorithm in curves ? crv === curves[algorithm] : alg === algorithm;
}
