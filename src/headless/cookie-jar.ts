import { isLoopbackHost } from '../oidc/issuer-url.js';
import { isSameSite } from '../oidc/same-site.js';
import { type Cookie, isTrusted, parseSetCookie } from './set-cookie.js';

/** Cookies of one jar, as browsers limit them; the oldest make room. */
const mostCookies = 200;
/** Milliseconds in which a cookie without `SameSite` goes along with a form of another site, too. */
const graceOfForms = 120_000;

/** How a jar keeps cookies. */
export interface CookieJarOptions {
  /**
   * A browser shares cookies between all ports of a host, and takes those for a domain; default: each stays with the
   * origin that set it, so that nothing of a sign-in at a real provider gets to what else runs on its host.
   */
  readonly isShared?: boolean;
}

/** How a request came about, for `SameSite`. */
export interface CookieRequest {
  /** Default: GET. */
  readonly method?: string;
  /** The page that led there; `null`, the default: somebody typed it. */
  readonly from?: string | null;
}

/**
 * The cookies of one browser that is not one (RFC 6265bis). Share a jar between a sign-in and a sign-out to make them
 * happen in the same browser.
 *
 * It is our own: the packages that are made for this bring the Public Suffix List, share every cookie between the ports
 * of a host, do not know who set one, and do not trust this machine without TLS as browsers do.
 *
 * @example
 * ```ts
 * const cookies = new CookieJar();
 * await followSignIn({ authorizationUrl, username, password, cookies });
 * await followSignOut({ endSessionUrl, cookies });
 * ```
 */
export class CookieJar {
  #cookies: readonly Cookie[] = [];
  readonly #isShared: boolean;

  /** @param options by default every cookie stays with the origin that set it */
  constructor({ isShared = false }: CookieJarOptions = {}) {
    this.#isShared = isShared;
  }

  /** Keeps what the answer from this address sets. */
  store(url: string, headers: Headers): void {
    const address = new URL(url);
    for (const header of headers.getSetCookie()) {
      const cookie = parseSetCookie(header, address, Date.now());
      if (cookie !== null && (this.#isShared || cookie.host === address.hostname)) this.#keep(cookie);
    }
  }

  /** The `Cookie` header for a request to this address; `null` when there is none. */
  header(url: string, request: CookieRequest = {}): string | null {
    const address = new URL(url);
    const matching = this.#cookies.filter(
      (cookie) => this.#isFor(cookie, address) && goesAcross(cookie, address, request) && !isExpired(cookie),
    );
    if (matching.length === 0) return null;
    return matching
      .toSorted((one, other) => other.path.length - one.path.length)
      .map(({ name, value }) => `${name}=${value}`)
      .join('; ');
  }

  /** What is in it now. */
  list(): readonly Cookie[] {
    return this.#cookies.filter((cookie) => !isExpired(cookie));
  }

  /** Puts copied cookies in. */
  add(cookies: readonly Cookie[]): void {
    for (const cookie of cookies) this.#keep(cookie);
  }

  #keep(cookie: Cookie): void {
    const others = this.#cookies.filter((other) => !this.#isSame(other, cookie));
    this.#cookies = isExpired(cookie) ? others : [...others, cookie].slice(-mostCookies);
  }

  #isSame(one: Cookie, other: Cookie): boolean {
    return (
      one.name === other.name &&
      one.path === other.path &&
      (this.#isShared
        ? one.host === other.host && one.hasSubdomains === other.hasSubdomains
        : one.setBy === other.setBy)
    );
  }

  #isFor(cookie: Cookie, address: URL): boolean {
    const { origin, hostname, pathname } = address;
    const isAtHome = this.#isShared
      ? hostname === cookie.host || (cookie.hasSubdomains && hostname.endsWith(`.${cookie.host}`))
      : origin === cookie.setBy;
    return isAtHome && pathMatches(pathname, cookie.path) && (!cookie.secure || isTrusted(address));
  }
}

/**
 * Whether it goes along with a request that a page of perhaps another site led to, in the whole window (RFC 6265bis,
 * section 5.8.3). One that says nothing is `Lax`, but for forms of the first two minutes, as in Chromium.
 */
function goesAcross({ sameSite, setAt }: Cookie, to: URL, { method = 'GET', from = null }: CookieRequest) {
  if (sameSite === 'none' || from === null || isOneSite(new URL(from), to)) return true;
  if (sameSite === 'strict') return false;
  const isSafe = /^(GET|HEAD|OPTIONS|TRACE)$/i.test(method);
  return isSafe || (sameSite === null && Date.now() - setAt < graceOfForms);
}

/** Ports and paths do not count; the scheme does. Every address and name of this machine is a site of its own. */
function isOneSite(one: URL, other: URL): boolean {
  if (one.protocol !== other.protocol) return false;
  if (one.hostname === other.hostname) return true;
  if (isLoopbackHost(one.hostname) || isLoopbackHost(other.hostname)) return false;
  return isSameSite(one.hostname, other.hostname);
}

function isExpired({ expiresAt }: Cookie): boolean {
  return expiresAt !== null && expiresAt <= Date.now();
}

function pathMatches(requestPath: string, cookiePath: string): boolean {
  if (requestPath === cookiePath) return true;
  return requestPath.startsWith(cookiePath.endsWith('/') ? cookiePath : `${cookiePath}/`);
}
