import { LogtoError } from '../errors.js';
import { problemOfAddress } from '../local-address.js';
import { shellWord } from '../shell-word.js';

/** Where an issuer has its discovery document, behind it (OpenID Connect Discovery 1.0, section 4). */
export const discoveryPath = '/.well-known/openid-configuration';

/** Whether a URL's `hostname` is this machine for sure: `localhost`, `127.0.0.0/8`, `[::1]`. `0.0.0.0` is not. */
export function isLoopbackHost(hostname: string): boolean {
  return /^(localhost|\[::1\]|127(\.\d{1,3}){3})$/i.test(hostname);
}

/**
 * An issuer that can be trusted to be asked (OpenID Connect Discovery 1.0, section 3): `https:` without query and
 * fragment, or `http:` on a loopback host.
 *
 * @throws LogtoError `config_invalid`, `issuer_insecure`
 */
export function checkIssuer(issuer: string): URL {
  const url = URL.canParse(issuer) ? new URL(issuer) : null;
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw invalid(problemOfAddress(issuer, 'is not an http(s) address'));
  }
  if (url.username || url.password) throw invalid('has a user name or a password');
  if (/[?#]/.test(issuer)) throw invalid('has a query or a fragment', issuerBehind(url));
  if (url.protocol === 'http:' && !isLoopbackHost(url.hostname)) {
    throw new LogtoError(
      'issuer_insecure',
      `${url.origin} is asked without TLS, and is not this machine.`,
      `Use ${shellWord(`https://${url.host}`)} instead; http: is only for localhost, 127.0.0.0/8 and [::1].`,
    );
  }
  return url;
}

function invalid(what: string, meant: string | null = null): LogtoError {
  return new LogtoError(
    'config_invalid',
    `The issuer ${what}.`,
    meant === null
      ? 'Give --issuer with the address of the provider, such as https://accounts.example.com.'
      : `Did you mean --issuer ${shellWord(meant)}? It is what the provider's discovery document names as issuer.`,
  );
}

/** The issuer that an address with a query may be of: what stands before its discovery document or its page. */
function issuerBehind({ origin, pathname }: URL): string | null {
  const tails = [/\/\.well-known\/openid-configuration$/, /\/(oauth2?\/)?(v\d(\.\d)?\/)?(authorize|auth)$/];
  const tail = tails.find((pattern) => pattern.test(pathname));
  return tail === undefined ? null : `${origin}${pathname.replace(tail, '')}`;
}
