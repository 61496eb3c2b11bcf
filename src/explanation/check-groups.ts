/** How an application is mended that is built on this. */
interface Mending {
  readonly library: string;
  /** What to set, call or leave out there. */
  readonly how: string;
}

/** The page of a group of checks of an application. What can be pasted or is a name stands in backticks. */
export interface CheckGroup {
  /** What its checks try. */
  readonly asks: string;
  /** Who does what where the application does not refuse it. */
  readonly why: string;
  /** The rule, whatever it is built on. */
  readonly rule: string;
  readonly mendings: readonly Mending[];
}

/** The groups of `logto-cli test-app`, by name. */
export const checkGroups = {
  sound: {
    asks: 'Whether a sound sign-in signs in and lasts: with a page of the provider, by its session alone, with keys and algorithms that providers may use, with a clock that is a little off, with a list of one audience, and for somebody who registers (`--sign-up`).',
    why: 'Everything else is compared with this: an application that nobody can sign in to refuses whatever it is given.',
    rule: 'Keep what the sign-in needs (state, nonce, verifier) until the callback comes, and the session for as long as its cookie, in a place that all processes of the application share. Look the keys up again where an ID token names one that is not known.',
    mendings: [
      {
        library: 'openid-client',
        how: '`discovery()` once, `authorizationCodeGrant()` at the callback; keys are looked up again by themselves, once a minute at most.',
      },
      {
        library: 'express-session',
        how: 'Wait for `req.session.save()` before a redirect, and use a store that is not in memory where there are several processes.',
      },
      {
        library: 'Auth.js',
        how: '`AUTH_URL`, where it is set, has to be the address that the browser uses, and `AUTH_SECRET` the same in all processes.',
      },
    ],
  },
  request: {
    asks: 'What the application sends along with the browser: `response_type=code`, a scope with `openid`, one redirect URI, something unguessable that is new each time, PKCE with S256, and no secret or token in an address.',
    why: 'Addresses end up in histories, logs and referrers. What is the same each time, or is missing, lets somebody else bring their answer to this browser, or use a code that they got hold of.',
    rule: 'Send a random `state` and a `code_challenge` of a random verifier with each sign-in, keep both in the session of that browser, and send tokens and secrets from server to server only.',
    mendings: [
      {
        library: 'openid-client',
        how: '`randomState()`, `randomPKCECodeVerifier()` and `calculatePKCECodeChallenge()`, given to `buildAuthorizationUrl()`.',
      },
      {
        library: 'express-openid-connect',
        how: "`authorizationParams: { response_type: 'code' }`, with `clientSecret`: its default is an ID token by form.",
      },
      { library: 'Auth.js', how: "`checks: ['pkce', 'state']` of the provider." },
      {
        library: 'Authlib',
        how: "`client_kwargs={'scope': 'openid profile', 'code_challenge_method': 'S256'}`.",
      },
      { library: 'mod_auth_openidc', how: '`OIDCScope "openid profile"` and `OIDCPKCEMethod S256`.' },
      {
        library: 'Spring Security',
        how: '`OAuth2AuthorizationRequestCustomizers.withPkce()` for clients with a secret; the others use PKCE already.',
      },
    ],
  },
  callback: {
    asks: 'Whether the callback is taken without a state, with another one, from another browser, from one that has begun no sign-in, a second time, without a code, with an error, and from another issuer; and whether markup in an error reaches the page.',
    why: 'Whoever sends somebody a link with their own callback signs them in to their own account, and reads later what is kept there. Markup that is shown as such runs scripts in the application.',
    rule: 'Take a callback only in the browser that has begun the sign-in, once, and only with the state that is kept there; then exchange its code. Sign nobody in by an error, and escape what came with it.',
    mendings: [
      {
        library: 'openid-client',
        how: 'Hand the whole address and `expectedState` to `authorizationCodeGrant()`, forget the state before, and catch what it throws.',
      },
      {
        library: 'Logto SDKs',
        how: 'Hand the whole address to `handleSignInCallback()`, and catch what it throws, so that there is a page for it.',
      },
      {
        library: 'passport',
        how: '`failureRedirect`, or an error handler of the application, so that a refused sign-in ends at a page.',
      },
      {
        library: 'Authlib',
        how: '`authorize_access_token()` compares the state: catch `OAuthError` around it.',
      },
      {
        library: 'Spring Security',
        how: '`oauth2Login().failureHandler(…)` for a page of your own; the state is compared already.',
      },
    ],
  },
  'id-token': {
    asks: 'Whether an ID token is believed whose signature, algorithm, issuer, audience, time, subject or nonce is wrong, or that is missing.',
    why: 'The ID token says who has signed in. Whoever gets a forged one believed signs in as anybody; one that was issued to another application signs its users in here.',
    rule: 'Check the signature by a key that the provider publishes and an algorithm that the application names, then `iss`, `aud`, `azp`, `exp`, `nonce`, and that there is a `sub`: decoding a token checks nothing.',
    mendings: [
      {
        library: 'openid-client',
        how: '`enableNonRepudiationChecks()` for the signature, `expectedNonce` and `idTokenExpected: true` for `authorizationCodeGrant()`.',
      },
      {
        library: 'jose',
        how: '`jwtVerify(token, createRemoteJWKSet(url), { issuer, audience, algorithms })`, then compare `nonce`; never `decodeJwt()` alone.',
      },
      {
        library: 'Auth.js',
        how: "`checks: ['pkce', 'state', 'nonce']`, and `type: 'oidc'` rather than `'oauth'`.",
      },
      {
        library: 'Authlib',
        how: '`authorize_access_token()` with `openid` in the scope validates the ID token, and gives it as `userinfo`.',
      },
      {
        library: 'PyJWT',
        how: '`decode(token, key, algorithms=["RS256"], audience=…, issuer=…, options={"require": ["exp", "iat", "sub"]})`.',
      },
      {
        library: 'Spring Security',
        how: 'The scope `openid` makes `oauth2Login()` validate the ID token: without it nothing does.',
      },
    ],
  },
  token: {
    asks: 'What becomes of the sign-in when the token endpoint refuses, fails, answers with something that is no tokens, never answers, or redirects; and whether the code is sent once, to that endpoint alone.',
    why: 'A session that begins before the tokens are there belongs to nobody, or to whoever was there before. A code that follows a redirect, with its verifier and the secret, is in the hands of whoever is redirected to.',
    rule: 'Begin a session only when an answer of status 200 was read that is JSON and has the tokens. Give the request a limit of seconds, follow no redirect, and answer a failure with a page that offers another sign-in.',
    mendings: [
      {
        library: 'openid-client',
        how: 'It takes nothing else for tokens and follows no redirect: catch what `authorizationCodeGrant()` throws. `config.timeout` is in seconds.',
      },
      {
        library: 'fetch',
        how: "`fetch(endpoint, { redirect: 'error', signal: AbortSignal.timeout(5000) })`, and look at `response.ok`.",
      },
      {
        library: 'axios',
        how: '`maxRedirects: 0` and `timeout: 5000`: without them it follows, and waits for ever.',
      },
      {
        library: 'requests',
        how: '`allow_redirects=False` and `timeout=5`: without them it follows, and waits for ever.',
      },
    ],
  },
  userinfo: {
    asks: 'Where the application asks for UserInfo: whether it shows the claims of another subject, and what it does when UserInfo refuses, fails or answers with a page.',
    why: 'UserInfo is asked with an access token, and tokens can be swapped: what it says is about the user only if its `sub` is that of the ID token.',
    rule: 'Compare `sub` of UserInfo with that of the ID token, and use no claim where they differ. Without an answer go by the ID token alone, or refuse the sign-in before a session begins.',
    mendings: [
      {
        library: 'openid-client',
        how: '`fetchUserInfo(config, accessToken, claims.sub)`: the third argument is the subject that is expected.',
      },
      {
        library: 'Logto SDKs',
        how: '`getIdTokenClaims()` is enough for who it is; ask `fetchUserInfo()` for more only, and compare `sub`.',
      },
      {
        library: 'Spring Security',
        how: '`OidcUserService` compares the subjects: keep to it where you replace the user service.',
      },
    ],
  },
  session: {
    asks: 'How the session is kept: the attributes of its cookie, whether a cookie from before the sign-in is signed in after it, what scripts and cookies hold of tokens and claims, and whether the address of the callback leaves the application.',
    why: 'Whoever plants a cookie before the sign-in shares the session after it. What scripts can read, an injected one sends away. A code in a link or referrer is given to other sites.',
    rule: 'Give the session a new name when somebody signs in, in a cookie that is `HttpOnly`, `SameSite=Lax` and, with https, `Secure`. Keep tokens on the server, and answer the callback with a redirect.',
    mendings: [
      {
        library: 'express-session',
        how: "`req.session.regenerate()` at the sign-in, and `cookie: { httpOnly: true, sameSite: 'lax', secure: true }`.",
      },
      { library: 'passport', how: 'From 0.6 on `req.login()` gives the session a new name.' },
      {
        library: 'Flask',
        how: "`SESSION_COOKIE_SAMESITE = 'Lax'`, `SESSION_COOKIE_SECURE = True`. Its session cookie is signed and readable: keep no token in it.",
      },
      {
        library: 'Django',
        how: '`login()` renews the session; else `request.session.cycle_key()`. `SESSION_COOKIE_SECURE = True`.',
      },
      {
        library: 'PHP',
        how: '`session_regenerate_id(true)`, and `session_set_cookie_params()` with `httponly`, `samesite` and `secure`.',
      },
      {
        library: 'Spring Security',
        how: 'It changes the session at the sign-in: keep `sessionManagement().sessionFixation()` as it is.',
      },
    ],
  },
  return: {
    asks: 'Whether the start of a sign-in can be told to end at another origin, by the parameters that say where to return to.',
    why: 'A link to the real application, with the real sign-in, that ends at a copy of it: there people type what they would not type elsewhere (open redirect).',
    rule: 'Return to places of the application only: resolve the parameter against its own address, and compare the origin. That it begins with a slash is not enough: `//elsewhere.example` does, too.',
    mendings: [
      {
        library: 'JavaScript',
        how: '`new URL(place, own).origin === new URL(own).origin`, and else the start page.',
      },
      {
        library: 'Auth.js',
        how: 'The default of `callbacks.redirect` keeps to the own origin: one of your own has to as well.',
      },
      {
        library: 'Django',
        how: '`url_has_allowed_host_and_scheme(place, allowed_hosts={request.get_host()})`.',
      },
      {
        library: 'mod_auth_openidc',
        how: '`OIDCRedirectURLsAllowed` names the places that a sign-in or sign-out may end at.',
      },
    ],
  },
  'sign-out': {
    asks: 'Whether the sign-out ends the session here, also for a copied cookie, and that of the provider, and whether the browser comes back.',
    why: 'At a machine that several people use, the next one is signed in as the last, by this application or by the session of the provider, without a question.',
    rule: 'End the session of the application first, on the server. Then send the browser to `end_session_endpoint`, with the ID token as `id_token_hint` and a registered `post_logout_redirect_uri`.',
    mendings: [
      {
        library: 'openid-client',
        how: '`buildEndSessionUrl(config, { id_token_hint, post_logout_redirect_uri })`, after the session is forgotten.',
      },
      {
        library: 'Logto SDKs',
        how: '`signOut(postLogoutRedirectUri)`, with an address that is registered for it.',
      },
      {
        library: 'express-session',
        how: '`req.session.destroy()`: a cookie that is taken away alone still works where it was copied.',
      },
      {
        library: 'express-openid-connect',
        how: '`idpLogout: true`: without it the session of the provider goes on.',
      },
      {
        library: 'Spring Security',
        how: '`OidcClientInitiatedLogoutSuccessHandler` with `setPostLogoutRedirectUri("{baseUrl}")`.',
      },
    ],
  },
  'back-channel': {
    asks: 'Whether a sound logout token of the provider ends the session, and one with a wrong signature, issuer or audience, without `events`, `sub` and `sid`, with a `nonce`, or used twice does not.',
    why: 'Without the first, a session that was ended elsewhere lives on here. Without the others, anybody signs people out, and takes an ID token for it.',
    rule: 'Check a logout token as an ID token, then that it has the logout event, no `nonce`, `sub` or `sid`, and a `jti` that was not there before; then end the sessions that it names.',
    mendings: [
      { library: 'express-openid-connect', how: '`backchannelLogout: true`, with a `session.store`.' },
      { library: 'mod_auth_openidc', how: 'Logout tokens go to `<OIDCRedirectURI>?logout=backchannel`.' },
      {
        library: 'Spring Security',
        how: '`oidcLogout((logout) -> logout.backChannel(Customizer.withDefaults()))`, from 6.2 on.',
      },
      {
        library: 'jose',
        how: '`jwtVerify(token, keys, { issuer, audience })`, and then the claims of a logout token by hand.',
      },
    ],
  },
  provider: {
    asks: 'What becomes of the application while its provider, its discovery document or its keys cannot be had, and once they are there again.',
    why: 'Providers are down now and then. An application that keeps the failure signs nobody in any more until somebody starts it again, and one that ends takes everybody else along.',
    rule: 'Keep no failure: ask again at the next sign-in. Catch what requests to the provider throw, and answer with 502, 503 or a page that says so.',
    mendings: [
      {
        library: 'openid-client',
        how: 'Keep the result of `discovery()`, not its promise: one that was rejected stays so.',
      },
      {
        library: 'Express 4',
        how: 'Hand what is thrown in `async` handlers to `next(error)`: Express 5 does it by itself.',
      },
      {
        library: 'Spring Boot',
        how: '`issuer-uri` is asked at the start, which fails without the provider; name the endpoints where it may not.',
      },
    ],
  },
} as const satisfies Readonly<Record<string, CheckGroup>>;
