import { randomUUID } from 'node:crypto';
import { decoded, isSigned, tolerance } from './id-token-by-hand.js';
import { discover } from './sign-in.js';

/** What applications get wrong that take logout tokens, by name. */
export const backChannelDefects = {
  'logout-token-ignored': 'a logout token ends nothing',
  'logout-of-everybody': 'a logout token ends all sessions',
  'logout-signature-unchecked': 'a logout token is decoded only',
  'logout-unsigned-taken': 'a logout token that says alg=none needs no signature',
  'logout-issuer-unchecked': 'a logout token of another issuer is taken',
  'logout-audience-unchecked': 'a logout token for another application is taken',
  'logout-expiry-unchecked': 'a logout token that is over is taken',
  'logout-subject-missing': 'a logout token about nobody ends all sessions',
  'logout-event-unchecked': 'any JWT of the provider is taken for a logout token',
  'logout-nonce-taken': 'a logout token with a nonce is taken',
  'logout-token-again': 'a logout token ends all sessions of its user, each time that it comes',
  'logout-refusal-unsaid': 'a logout token that is refused is answered as one that was taken',
};

const event = 'http://schemas.openid.net/event/backchannel-logout';
/** More than a logout token has. */
const longestBody = 20_000;

/** POST /backchannel-logout: ends the session that the provider names, if it is the provider who does. */
export async function endSessions(application, request, response) {
  const { sessions, has } = application;
  const answer = (status) => response.writeHead(status, { 'cache-control': 'no-store' }).end();
  try {
    const token = new URLSearchParams(await bodyOf(request)).get('logout_token') ?? '';
    const { sub, sid } = await readLogoutToken(application, token);
    const isMeant = (user) =>
      has('logout-of-everybody') ||
      (sid === undefined && sub === undefined) ||
      (sid === undefined || has('logout-token-again') ? user.sub === sub : user.sid === sid);
    for (const [id, { user }] of sessions.values()) {
      // Some defects keep sessions of nobody.
      const isUser = user !== undefined && user !== null;
      if (isUser && isMeant(user) && !has('logout-token-ignored')) sessions.forget(id);
    }
    answer(200);
  } catch {
    answer(has('logout-refusal-unsaid') ? 200 : 400);
  }
}

/** @throws what is no logout token for this application */
async function readLogoutToken(application, token) {
  const { settings, logoutTokens, has } = application;
  const config = await discover(application, {});
  const claims = decoded(token.split('.')[1]);
  const { alg } = decoded(token.split('.')[0]);
  // What it gets wrong in an ID token is not wrong here.
  const careful = { ...application, has: () => false };
  const isUnsigned = has('logout-unsigned-taken') && alg === 'none';
  check('logout-signature-unchecked', isUnsigned || (await isSigned(careful, config, token)));
  const now = Date.now() / 1000;
  check('logout-issuer-unchecked', claims.iss === settings.issuer);
  check('logout-audience-unchecked', [claims.aud].flat().includes(settings.clientId));
  check('logout-expiry-unchecked', claims.exp > now - tolerance);
  check('logout-subject-missing', claims.sub !== undefined || claims.sid !== undefined);
  check('logout-event-unchecked', claims.events?.[event] !== undefined);
  check('logout-nonce-taken', claims.nonce === undefined);
  const { jti = randomUUID() } = claims;
  check('logout-token-again', !logoutTokens.has(jti));
  logoutTokens.add(jti);
  return claims;

  function check(defect, isRight) {
    if (!isRight && !has(defect)) throw new Error(`not as it should be: ${defect}`);
  }
}

async function bodyOf(request) {
  let body = '';
  for await (const chunk of request) {
    body += chunk;
    if (body.length > longestBody) throw new Error('too long');
  }
  return body;
}
