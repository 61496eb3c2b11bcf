import type { ApplicationCookie } from './application-visitor.js';
import type { ProviderRequest } from './misbehaving-provider.js';

/** What an application shows of the library that it signs people in with. */
export interface LibraryEvidence {
  /** What the provider was asked. */
  readonly requests: readonly ProviderRequest[];
  /** Those of the application. */
  readonly cookies: readonly Pick<ApplicationCookie, 'name'>[];
  readonly authorizationRequest: URL;
}

/** The libraries that are known, and what each is called. */
export const libraryNames = {
  'express-openid-connect': 'express-openid-connect',
  mod_auth_openidc: 'mod_auth_openidc',
  authlib: 'Authlib',
  authjs: 'Auth.js',
  'spring-security': 'Spring Security',
  logto: 'the Logto SDKs',
  'openid-client': 'openid-client',
  passport: 'Passport',
} as const;
/** One of them. */
export type LibraryName = keyof typeof libraryNames;

/** What an application does that uses it, and no other does; the libraries that are built on another one come first. */
const signs: Readonly<Record<LibraryName, (evidence: LibraryEvidence) => boolean>> = {
  'express-openid-connect': saysItIs(/^express-openid-connect\//),
  mod_auth_openidc: saysItIs(/\bmod_auth_openidc-/),
  authlib: saysItIs(/^Authlib\//),
  // Its cookies, as the versions before and after its renaming call them.
  authjs: ({ cookies }) => cookies.some(({ name }) => /^(__Secure-|__Host-)?(authjs|next-auth)\./.test(name)),
  'spring-security': ({ authorizationRequest }) => {
    const redirectUri = authorizationRequest.searchParams.get('redirect_uri') ?? '';
    return URL.canParse(redirectUri) && new URL(redirectUri).pathname.includes('/login/oauth2/code/');
  },
  logto: isOfLogtoSdk,
  // Version 6, which names things as we do.
  'openid-client': saysItIs(/^openid-client\/v/),
  // That of the package on which its strategies for OAuth are built.
  passport: saysItIs(/^Node-oauth$/),
};

/** The library that an application uses; `null` where nothing tells. */
export function libraryOf(evidence: LibraryEvidence): LibraryName | null {
  const names = Object.keys(signs) as LibraryName[];
  return names.find((name) => signs[name](evidence)) ?? null;
}

/** What the library says that it is, where it asks the provider itself, without a browser. */
function saysItIs(pattern: RegExp): (evidence: LibraryEvidence) => boolean {
  return ({ requests }) =>
    requests.some(
      ({ endpoint, userAgent }) =>
        (endpoint === 'token' || endpoint === 'userinfo') && userAgent !== null && pattern.test(userAgent),
    );
}

/** The parameters that they send, in this order, and the scopes that they add. */
const logtoParameters =
  'client_id redirect_uri code_challenge code_challenge_method state response_type prompt scope';

function isOfLogtoSdk({ authorizationRequest, cookies }: LibraryEvidence): boolean {
  const sent = authorizationRequest.searchParams;
  if (cookies.some(({ name }) => name === `logto_${sent.get('client_id')}`)) return true;
  const scopes = (sent.get('scope') ?? '').split(' ');
  return (
    [...sent.keys()].join(' ').startsWith(logtoParameters) &&
    ['openid', 'offline_access', 'profile'].every((scope) => scopes.includes(scope))
  );
}
