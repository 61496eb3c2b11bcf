import { createHmac, createPublicKey, verify } from 'node:crypto';
import * as client from 'openid-client';
import { keyDefects, keyFor } from './provider-keys.js';

/** What applications get wrong that read the ID token themselves, by name. */
export const idTokenDefects = {
  'id-token-missing': 'without an ID token, UserInfo is enough',
  'signature-unchecked': 'the ID token is decoded only',
  'unknown-key-taken': 'a signature whose key is not published is not checked',
  'alg-none-taken': 'an ID token that says alg=none needs no signature',
  'hs256-public-key-taken': 'the published key is taken for a secret where the ID token says HS256',
  'hs256-secret-taken': 'an ID token may be signed with the secret of the application',
  'token-issuer-unchecked': 'an ID token of another issuer is taken',
  'audience-unchecked': 'an ID token for another application is taken',
  'audience-text-needed': 'the audience has to be a text, also where it may be a list of one',
  'azp-unchecked': 'an ID token for a further application, and issued to it, is taken',
  'expiry-unchecked': 'an ID token that is over is taken',
  'issue-time-unchecked': 'an ID token of tomorrow is taken',
  'subject-missing': 'an ID token about nobody is taken',
  'nonce-unchecked': 'any nonce is taken',
  'nonce-missing': 'an ID token without a nonce is taken',
  ...keyDefects,
  'algorithm-thrown': 'nobody catches that an ID token is signed by another algorithm',
};

/** What nobody catches. */
export class UnknownAlgorithm extends Error {}

/** Seconds that clocks may differ. */
export const tolerance = 60;

/** Exchanges the code as it should be, and reads the ID token by hand, where each defect leaves out one step. */
export async function exchangeByHand(application, { config, state, nonce, verifier }, url) {
  const { has } = application;
  let idToken;
  config[client.customFetch] = async (address, options) => {
    const response = await fetch(address, options);
    if (address !== config.serverMetadata().token_endpoint) return response;
    const { id_token, ...answer } = await response.json();
    idToken = id_token;
    return Response.json(answer, { status: response.status });
  };
  const { access_token } = await client.authorizationCodeGrant(config, url, {
    expectedState: state,
    pkceCodeVerifier: verifier,
  });
  const isMissing = idToken === undefined && has('id-token-missing');
  const { sub, sid } = isMissing ? {} : await readIdToken(application, config, idToken, nonce);
  const { username, name } = await client.fetchUserInfo(config, access_token, sub ?? client.skipSubjectCheck);
  return { sub, sid, name: username ?? name, idToken };
}

async function readIdToken(application, config, idToken, nonce) {
  const { settings, has } = application;
  if (!(await isSigned(application, config, idToken))) throw new Error('the signature is wrong');
  const claims = decoded(idToken.split('.')[1]);
  const audiences = [claims.aud].flat();
  if (has('audience-text-needed') && audiences.length === 1 && Array.isArray(claims.aud))
    throw new Error('no text');
  const isForUs = audiences.includes(settings.clientId);
  const now = Date.now() / 1000;
  check('token-issuer-unchecked', claims.iss === settings.issuer);
  check('audience-unchecked', isForUs);
  const isForOthers = isForUs && audiences.length > 1;
  check('azp-unchecked', !isForOthers && (claims.azp ?? settings.clientId) === settings.clientId);
  check('expiry-unchecked', claims.exp > now - tolerance);
  check('issue-time-unchecked', claims.iat < now + tolerance);
  check('subject-missing', claims.sub !== undefined);
  check('nonce-missing', claims.nonce !== undefined);
  check('nonce-unchecked', claims.nonce === undefined || claims.nonce === nonce);
  return claims;

  function check(defect, isRight) {
    if (!isRight && !has(defect)) throw new Error(`not as it should be: ${defect}`);
  }
}

const hashes = { RS256: 'sha256', ES256: 'sha256', ES384: 'sha384' };

/** Whether a published key has signed a JWT, by its algorithm. */
export async function isSigned(application, config, idToken) {
  const { settings, has } = application;
  const [header, claims, signature] = idToken.split('.');
  const { alg, kid } = decoded(header);
  const bySecret = (secret) =>
    createHmac('sha256', secret).update(`${header}.${claims}`).digest('base64url') === signature;
  if (has('signature-unchecked') || (has('alg-none-taken') && /^none$/i.test(alg))) return true;
  if (has('hs256-secret-taken') && alg === 'HS256') return bySecret(settings.clientSecret);
  if (has('algorithm-thrown') && alg === 'RS256') throw new UnknownAlgorithm();
  const jwk = await keyFor(application, config, { alg, kid });
  if (jwk === undefined) return has('unknown-key-taken');
  const key = createPublicKey({ key: jwk, format: 'jwk' });
  if (has('hs256-public-key-taken') && alg === 'HS256') {
    return bySecret(key.export({ type: 'spki', format: 'pem' }));
  }
  if (!Object.hasOwn(hashes, alg) || alg !== jwk.alg) return false;
  const checked = { key, dsaEncoding: 'ieee-p1363' };
  return verify(
    hashes[alg],
    Buffer.from(`${header}.${claims}`),
    checked,
    Buffer.from(signature, 'base64url'),
  );
}

/** What a part of a JWT says. */
export function decoded(part) {
  return JSON.parse(Buffer.from(part, 'base64url').toString());
}
