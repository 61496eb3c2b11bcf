import type { JsonObject } from '../../oidc/http-answer.js';
import { isSignedByKey } from '../../oidc/jws.js';
import { isSignedWithSecret } from '../../oidc/validate/hmac-signature.js';
import { decodeJwt } from '../../oidc/validate/jwt.js';
import { selectKey } from '../../oidc/validate/key-selection.js';
import { isSymmetric, secretBytesOf } from '../../oidc/validate/signing-algorithm.js';
import type { CheckResult } from '../run/check.js';
import { passed } from '../run/check-results.js';
import { correctProvider, failed, unclear } from '../run/claused-check.js';
import type { TestedUser } from './tested-user.js';

/** Judges who signed a token (RFC 7515, section 5.2). @throws LogtoError `jwks_invalid`, network codes */
export async function judgeSignature(
  jwt: string,
  name: string,
  { provider, options: { clientSecret = '' } }: TestedUser,
): Promise<CheckResult> {
  const header: JsonObject = decodeJwt(jwt)?.header ?? {};
  const alg = String(header['alg']);
  if (isSymmetric(alg)) return judgeSecret(jwt, alg, name, clientSecret);
  if (!/^([REP]S(256|384|512)|EdDSA|Ed25519)$/.test(alg))
    return unclear(`Signatures by ${alg.slice(0, 40)} cannot be checked here.`);
  const result = judgeByKeys(jwt, header, name, await provider.keys());
  if (result.outcome === 'passed') return result;
  // The provider may have changed its keys since the checks began.
  return judgeByKeys(jwt, header, name, await (await provider.publishedAnew()).keys());
}

function judgeSecret(jwt: string, alg: string, name: string, clientSecret: string): CheckResult {
  if (clientSecret === '') return unclear(`Signatures by ${alg} can only be checked with a secret.`);
  const bytes = secretBytesOf(alg) ?? 0;
  if (Buffer.byteLength(clientSecret) < bytes) {
    const hint = 'Give the application a longer secret at the provider.';
    return failed(
      `The secret of the application is too short for ${alg}: ${bytes} bytes are the least.`,
      hint,
    );
  }
  return isSignedWithSecret(jwt, alg, clientSecret)
    ? passed(`${alg}, by the secret of the application`)
    : failed(`The ${name} is not signed with the secret of this application (${alg}).`, correctProvider);
}

function judgeByKeys(
  jwt: string,
  header: JsonObject,
  name: string,
  keys: readonly JsonObject[],
): CheckResult {
  const selected = selectKey(header, keys);
  if ('problem' in selected) return failed(`The ${name} ${selected.problem.what}.`, correctProvider);
  return isSignedByKey(jwt, String(header['alg']), selected.key)
    ? passed(`${header['alg']}, by a key of the provider`)
    : failed(`The ${name} is not signed by the provider.`, correctProvider);
}
