interface Cookie {
  /** A cookie of a browser goes to every port of a host. Ours stays with what set it. */
  readonly origin: string;
  readonly path: string;
  readonly name: string;
  /** Byte for byte as it came: decoding and encoding it again would break its signature. */
  readonly value: string;
  /** Milliseconds since 1970; `null` lasts as long as the jar. */
  readonly expiresAt: number | null;
  readonly secure: boolean;
}

const loopback = /^(localhost|127(\.\d+){3}|\[::1\])$/;

/**
 * The cookies of one browser that is not one (RFC 6265, without cookies for whole domains, which are refused, and
 * each for one origin). Share a jar between a sign-in and a sign-out to make them happen in the same browser.
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

  /** Keeps what the answer from this address sets. */
  store(url: string, headers: Headers): void {
    const address = new URL(url);
    for (const header of headers.getSetCookie()) {
      const cookie = parseSetCookie(header, address);
      if (!cookie) continue;
      const others = this.#cookies.filter(
        ({ origin, path, name }) => origin !== cookie.origin || path !== cookie.path || name !== cookie.name,
      );
      this.#cookies = isExpired(cookie) ? others : [...others, cookie];
    }
  }

  /** The `Cookie` header for a request to this address; `null` when there is none. */
  header(url: string): string | null {
    const { origin, hostname, pathname, protocol } = new URL(url);
    const trusted = protocol === 'https:' || loopback.test(hostname);
    const matching = this.#cookies.filter(
      (cookie) =>
        cookie.origin === origin &&
        pathMatches(pathname, cookie.path) &&
        (trusted || !cookie.secure) &&
        !isExpired(cookie),
    );
    if (matching.length === 0) return null;
    return matching
      .toSorted((one, other) => other.path.length - one.path.length)
      .map(({ name, value }) => `${name}=${value}`)
      .join('; ');
  }
}

function parseSetCookie(header: string, { origin, hostname, pathname }: URL): Cookie | null {
  const [pair = '', ...rest] = header.split(';');
  const equals = pair.indexOf('=');
  const name = pair.slice(0, Math.max(equals, 0)).trim();
  if (name === '') return null;
  const attributes = new Map(rest.map(parseAttribute));
  const domain = attributes.get('domain')?.replace(/^\./, '').toLowerCase();
  if (domain && domain !== hostname) return null;
  const path = attributes.get('path');
  return {
    origin,
    path: path?.startsWith('/') ? path : defaultPath(pathname),
    name,
    value: pair.slice(equals + 1).trim(),
    expiresAt: expiryOf(attributes),
    secure: attributes.has('secure'),
  };
}

function parseAttribute(text: string): [string, string] {
  const equals = text.indexOf('=');
  if (equals < 0) return [text.trim().toLowerCase(), ''];
  return [text.slice(0, equals).trim().toLowerCase(), text.slice(equals + 1).trim()];
}

/** `Max-Age` wins over `Expires` (section 5.3). */
function expiryOf(attributes: ReadonlyMap<string, string>): number | null {
  const maxAge = attributes.get('max-age');
  if (maxAge !== undefined && /^-?\d+$/.test(maxAge)) return Date.now() + Number(maxAge) * 1000;
  const expires = Date.parse(attributes.get('expires') ?? '');
  return Number.isNaN(expires) ? null : expires;
}

function isExpired({ expiresAt }: Cookie): boolean {
  return expiresAt !== null && expiresAt <= Date.now();
}

/** Section 5.1.4. */
function defaultPath(requestPath: string): string {
  const end = requestPath.lastIndexOf('/');
  return end <= 0 ? '/' : requestPath.slice(0, end);
}

function pathMatches(requestPath: string, cookiePath: string): boolean {
  if (requestPath === cookiePath) return true;
  return requestPath.startsWith(cookiePath.endsWith('/') ? cookiePath : `${cookiePath}/`);
}
