import type { CheckResult } from '../run/check.js';
import { type LibraryName, libraryNames } from './application-library.js';

/**
 * What to change, in the words of a library: by the id of a check, by its group, or for an application that ended
 * (`ended`). What is not here is not known to be so.
 */
export const libraryHints: Readonly<Record<LibraryName, Readonly<Record<string, string>>>> = {
  'express-openid-connect': {
    ended:
      'its errors go to the error handler of Express: app.use((error, req, res, next) => …) behind its routes.',
    'request.response-type':
      "authorizationParams: { response_type: 'code' } with clientSecret; without that it asks for an ID token through the browser.",
    'request.scope': "authorizationParams: { scope: 'openid profile email' }.",
    'callback.markup':
      'an error handler of your own must not show error and error_description but through a template that escapes them.',
    'sound.algorithm': 'idTokenSigningAlg, RS256 unless it is set.',
    'sound.clock': 'clockTolerance, in seconds (60 unless it is set).',
    'token.never': 'httpTimeout, in milliseconds (5000 unless it is set).',
    'session.cookie': 'session: { cookie: { secure, sameSite, httpOnly } }; secure goes by baseURL.',
    'sign-out.copied-cookie':
      'its session lives in the cookie unless session: { store } names where sessions are kept.',
    'sign-out.provider': 'idpLogout: true.',
    'sign-out.return': 'routes: { postLogoutRedirect }.',
    'back-channel':
      'backchannelLogout: true, together with session: { store }; it is taken at /backchannel-logout.',
  },
  mod_auth_openidc: {
    'request.pkce': 'OIDCPKCEMethod S256.',
    'request.scope': 'OIDCScope "openid email profile".',
    'sound.clock': 'OIDCIDTokenIatSlack, in seconds (600 unless it is set).',
    'token.never': 'OIDCHTTPTimeoutLong, in seconds (unless it is set 60, and 30 in later versions).',
    'return.elsewhere': 'OIDCRedirectURLsAllowed.',
    'session.cookie': 'OIDCCookieSameSite and OIDCCookieHTTPOnly.',
    'sign-out.copied-cookie': 'OIDCSessionType server-cache, not client-cookie.',
  },
  authlib: {
    ended: 'authorize_access_token() throws OAuthError and others: catch them in the route of the callback.',
    callback:
      'authorize_access_token() throws OAuthError and others (MismatchingStateError): catch them in the route of the callback, and answer with a page.',
    token:
      'authorize_access_token() throws what the token endpoint does wrong: catch it in the route of the callback.',
    'request.pkce': "client_kwargs={'code_challenge_method': 'S256'}.",
    'request.scope':
      "client_kwargs={'scope': 'openid email profile'}: with it a nonce is sent, and an ID token read.",
    'sound.clock':
      'it allows for 120 seconds; later versions take others, as authorize_access_token(leeway=…).',
    'session.cookie': 'in Flask SESSION_COOKIE_HTTPONLY, SESSION_COOKIE_SAMESITE and SESSION_COOKIE_SECURE.',
    'sign-out.copied-cookie':
      'the session of Flask lives in its cookie, unless an extension keeps it on the server.',
  },
  authjs: {
    'request.binding': "checks: ['pkce', 'state', 'nonce'] of the provider.",
    'request.pkce': "checks: ['pkce', 'state'] of the provider.",
    'callback.no-state': "checks: ['pkce', 'state'] of the provider.",
    'callback.wrong-state': "checks: ['pkce', 'state'] of the provider.",
    'id-token.wrong-nonce': "checks: ['pkce', 'nonce'] of the provider.",
    'id-token.no-nonce': "checks: ['pkce', 'nonce'] of the provider.",
    'sound.algorithm': "client: { id_token_signed_response_alg: 'ES384' } of the provider.",
    'return.elsewhere':
      'the callback redirect({ url, baseUrl }) decides: return url only where its origin is that of baseUrl.',
    'session.token': 'what the callback session() returns is sent to the browser.',
    'sign-out.copied-cookie': "session: { strategy: 'database' } keeps sessions on the server.",
    'sign-out.provider':
      'signOut() ends the session of the application alone: send the browser to end_session_endpoint after it.',
  },
  'spring-security': {
    'request.pkce':
      'a DefaultOAuth2AuthorizationRequestResolver with OAuth2AuthorizationRequestCustomizers.withPkce().',
    'request.scope': 'spring.security.oauth2.client.registration.<id>.scope with openid.',
    'sound.algorithm': 'OidcIdTokenDecoderFactory.setJwsAlgorithmResolver(), RS256 unless it is set.',
    'sound.clock': 'OidcIdTokenValidator.setClockSkew().',
    'session.cookie': 'server.servlet.session.cookie.same-site, .http-only and .secure.',
    'sign-out.provider': 'OidcClientInitiatedLogoutSuccessHandler as logoutSuccessHandler.',
    'sign-out.return': 'OidcClientInitiatedLogoutSuccessHandler.setPostLogoutRedirectUri("{baseUrl}").',
    'back-channel': 'oidcLogout((logout) -> logout.backChannel(Customizer.withDefaults())).',
  },
  logto: {
    ended:
      'handleSignInCallback() throws where a callback is refused: catch it. The routes of @logto/express (handleAuthRoutes) reject, which Express 5 hands to the error handler, and Express 4 to nobody.',
    callback: 'handleSignInCallback() throws where a callback is refused: catch it, and answer with a page.',
    'sound.sign-up': "signIn({ redirectUri, firstScreen: 'register' }).",
    'sign-out.return': 'signOut(postLogoutRedirectUri).',
  },
  'openid-client': {
    'request.pkce':
      'randomPKCECodeVerifier() and calculatePKCECodeChallenge() for the request, pkceCodeVerifier for authorizationCodeGrant().',
    'id-token.missing': 'idTokenExpected: true for authorizationCodeGrant().',
    'id-token.bad-signature': 'enableNonRepudiationChecks(config).',
    'id-token.unknown-key': 'enableNonRepudiationChecks(config).',
    'id-token.wrong-nonce': 'expectedNonce for authorizationCodeGrant().',
    'id-token.no-nonce': 'expectedNonce for authorizationCodeGrant().',
    'userinfo.other-subject': 'claims().sub as the third argument of fetchUserInfo(), not skipSubjectCheck.',
    'sound.algorithm': 'id_token_signed_response_alg in the metadata of the client.',
    'sound.clock': '[clockTolerance] in the metadata of the client, in seconds (30 unless it is set).',
    'token.never': 'config.timeout, in seconds (30 unless it is set).',
    'sign-out.provider': 'buildEndSessionUrl(config, { id_token_hint, post_logout_redirect_uri }).',
    'sign-out.return': 'buildEndSessionUrl(config, { id_token_hint, post_logout_redirect_uri }).',
  },
  passport: {
    'id-token.wrong-nonce': 'nonce: true for the strategy of passport-openidconnect.',
    'id-token.no-nonce': 'nonce: true for the strategy of passport-openidconnect.',
    'session.fixation': 'since version 0.6 Passport regenerates the session itself, in req.logIn().',
    'sign-out.session': 'req.logout(callback), and the answer in that callback.',
  },
};

/** A result with what to change in the words of the library that the application uses, where they are known. */
export function inWordsOf(library: LibraryName | null, about: string, result: CheckResult): CheckResult {
  const { hint, outcome } = result;
  if (library === null || hint === undefined || (outcome !== 'failed' && outcome !== 'warning'))
    return result;
  const own = libraryHints[library];
  const words = own[about] ?? own[about.slice(0, Math.max(about.indexOf('.'), 0))];
  const name = `In ${libraryNames[library]}: `;
  return words === undefined || hint.includes(name) ? result : { ...result, hint: `${hint} ${name}${words}` };
}
