// An application that signs people in as it should: openid-client, plain node:http, sessions in memory. Each of its
// defects is one thing that applications get wrong, and is there only where it is named.

import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { backChannelDefects, endSessions } from './back-channel.js';
import { idTokenDefects } from './id-token-by-hand.js';
import { answerPage, escaped, signInLink } from './pages.js';
import { cookieOf, createSessions } from './sessions.js';
import { beginSignIn, finishSignIn } from './sign-in.js';
import { signOut } from './sign-out.js';
import { requestDefects } from './wrong-requests.js';

/** What it can get wrong, by name. */
export const defects = {
  ...requestDefects,
  ...backChannelDefects,
  'token-in-address': 'the access token stands in the address after the sign-in',
  'token-in-address-renamed': 'the access token stands in the address after the sign-in, under another name',
  'session-short': 'a session ends after three pages',
  'sign-in-asked-again': 'the provider is told to ask for the password every time',
  'state-missing': 'a callback without state is taken',
  'state-unchecked': 'a callback with another state is taken',
  'callback-of-other-browser': 'the answer to whatever anybody has begun is taken',
  'callback-of-stranger': 'a browser without cookies may bring any answer that is waited for',
  'callback-again': 'what was begun is not forgotten when it is over',
  'code-missing': 'a callback without a code signs in',
  'error-ignored': 'a callback with an error signs in',
  'markup-echoed': 'error_description is shown as markup',
  'error-stateless-thrown': 'nobody catches that an error comes without a state',
  'parameter-repeated': 'of a parameter that stands twice in a callback the last one counts',
  'issuer-unchecked': 'a callback of another issuer is taken',
  'issuer-missing': 'a callback without an issuer is taken',
  'token-refusal-taken': 'a refused code signs in',
  'token-unauthorized-taken': 'a token endpoint that refuses the application signs in',
  'token-failure-thrown': 'nobody catches that the token endpoint fails',
  'token-page-taken': 'a page of the token endpoint signs in',
  'token-unread': 'a broken answer of the token endpoint is kept in the session',
  'access-token-missing': 'an answer without an access token signs in somebody without a name',
  'access-token-not-needed': 'an answer without an access token signs in by its ID token',
  'token-waited-for': 'the token endpoint is waited for without a limit',
  'token-redirect-followed': 'the token endpoint may redirect',
  'code-sent-twice': 'the code is sent once more',
  'session-readable': 'scripts can read the cookie of the session',
  'session-across-sites': 'the cookie of the session goes along with forms of other sites',
  'session-plain': 'the cookie of the session goes along without TLS, though the application has it',
  'session-kept': 'the session from before the sign-in is that of the user',
  'token-shown': 'a page holds the access token for its scripts',
  'token-in-cookie': 'a cookie that scripts can read holds the access token',
  'claims-in-cookie': 'a cookie holds the ID token',
  'callback-answered': 'the callback is answered with a page in its own place',
  'code-linked': 'links of the page after the callback repeat its code',
  'return-unchecked': 'a sign-in ends wherever its start was told',
  'return-by-slash': 'a sign-in ends wherever its start was told, where that begins with a slash',
  'sign-out-forgotten': 'the sign-out ends nothing here',
  'sign-out-of-browser': 'the sign-out takes the cookie away, and keeps the session',
  'sign-out-here-only': 'the sign-out does not reach the provider',
  'sign-out-hint-broken': 'the provider is given no ID token as its hint, but something else',
  'sign-out-one-way': 'the provider is not told where to go after the sign-out',
  'code-sent-away': 'a picture of the page after the callback is asked for elsewhere, with its code',
  ...idTokenDefects,
  'userinfo-of-other-taken': 'UserInfo may be that of another subject',
  'userinfo-refusal-taken': 'UserInfo that is refused signs in somebody without a name',
  'userinfo-failure-thrown': 'nobody catches that UserInfo fails',
  'userinfo-unread': 'a page in the place of UserInfo is kept in the session',
  'sign-up-as-sign-in': 'whoever signs up is led to the sign-in',
  'newcomers-refused': 'whoever is not known yet is not let in',
  'newcomers-mistaken': 'whoever is not known yet is taken for alice',
  'clock-strict': 'no clock may differ',
  'discovery-issuer-unchecked': 'the issuer is whoever the discovery document says',
  'discovery-failure-kept': 'whoever could not sign in for want of the discovery document never can',
  'keys-unread': 'a session begins without a user where there are no keys',
  'connection-failure-thrown': 'nobody catches that the token endpoint is not there',
};

/** What else it can get wrong: it answers nobody any more, or signs nobody in. */
export const lastingDefects = {
  'discovery-failure-lasting': 'the discovery document is never asked for again after it could not be had',
  'settings-kept': 'what the provider publishes is read once, at the first sign-in',
  'ends-at-error': 'its process ends at a callback with an error',
  'hangs-at-error': 'a callback with an error is never answered',
};

/** Starts it on this machine. */
export async function startSample({
  issuer,
  clientId,
  clientSecret,
  port = 0,
  tls,
  registration = { first_screen: 'register' },
  defects: own = [],
}) {
  const unknown = own.find((name) => !Object.hasOwn({ ...defects, ...lastingDefects }, name));
  if (unknown !== undefined) throw new TypeError(`the sample has no defect ${unknown}`);
  const has = (name) => own.includes(name);
  const application = {
    ...createSessions(),
    logoutTokens: new Set(),
    registration,
    has,
    isSecure: tls !== undefined && !has('session-plain'),
  };
  const listener = (request, response) => {
    answer(application, request, response).catch(() => {
      if (!response.headersSent) answerPage(response, 500, 'Something went wrong.');
    });
  };
  const server = tls === undefined ? createServer(listener) : createTlsServer(tls, listener);
  await new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, 'localhost', resolve);
  });
  const url = `${tls === undefined ? 'http' : 'https'}://localhost:${server.address().port}/`;
  application.settings = { issuer, clientId, clientSecret, url, redirectUri: `${url}callback` };
  return {
    url,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(application, request, response) {
  const { pathname } = new URL(request.url, application.settings.url);
  switch (`${request.method} ${pathname}`) {
    case 'GET /':
      return showStart(application, request, response);
    case 'GET /sign-in':
      return beginSignIn(application, request, response);
    case 'GET /sign-up':
      return beginSignIn(application, request, response, application.registration);
    case 'GET /callback':
      return finishSignIn(application, request, response);
    case 'GET /sign-out':
      return answerPage(response, 200, '<form method="post"><button>Sign out</button></form>');
    case 'POST /backchannel-logout':
      return endSessions(application, request, response);
    case 'POST /sign-out':
      return signOut(application, request, response);
    default:
      return answerPage(response, 404, 'There is nothing here.');
  }
}

function showStart({ sessions, has }, request, response) {
  const id = cookieOf(request, sessions.cookieName);
  const session = sessions.get(id);
  if (session?.user === undefined) return answerPage(response, 200, `Nobody is signed in. ${signInLink}`);
  session.views += 1;
  if (has('session-short') && session.views >= 3) sessions.forget(id);
  const shown = has('token-shown') ? `<script>const token = "${session.user.accessToken}"</script>` : '';
  return answerPage(
    response,
    200,
    `Signed in as ${escaped(session.user.name)} (${escaped(session.user.sub)}).${shown}`,
  );
}
