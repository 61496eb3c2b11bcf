import { isLoopbackHost } from '../oidc/issuer-url.js';

/** A cookie, and who set it. */
export interface Cookie {
  readonly name: string;
  /** Byte for byte as it came: decoding and encoding it again would break its signature. */
  readonly value: string;
  /** The host that it is for. */
  readonly host: string;
  /** Whether it is for the hosts below that one, too. */
  readonly hasSubdomains: boolean;
  readonly path: string;
  /** Milliseconds since 1970; `null` lasts as long as the browser. */
  readonly expiresAt: number | null;
  readonly secure: boolean;
  /** Kept from scripts. */
  readonly httpOnly: boolean;
  /** `strict`, `lax` or `none`; `null` where nothing says it, or nothing that is known. */
  readonly sameSite: 'strict' | 'lax' | 'none' | null;
  /** The origin whose answer set it. */
  readonly setBy: string;
  /** Milliseconds since 1970. */
  readonly setAt: number;
}

/** Bytes of a name and its value together, and of an attribute, as browsers limit them (RFC 6265bis, section 5.6). */
const longestPair = 4096;
const longestAttribute = 1024;

/**
 * Reads a `Set-Cookie` header as a browser does (RFC 6265bis, section 5.6 and 5.7).
 *
 * @returns `null` for what no browser keeps: one without a name or for another host, too long, with the name of a prefix
 * that it does not fulfil, `SameSite=None` without `Secure`, `Secure` that came without TLS
 */
export function parseSetCookie(header: string, address: URL, now: number): Cookie | null {
  const { origin, hostname, pathname } = address;
  const [pair = '', ...rest] = header.split(';');
  const equals = pair.indexOf('=');
  const name = pair.slice(0, Math.max(equals, 0)).trim();
  const value = pair.slice(equals + 1).trim();
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it looks for
  if (name === '' || /[\0-\x08\x0a-\x1f\x7f]/.test(header)) return null;
  if (Buffer.byteLength(name) + Buffer.byteLength(value) > longestPair) return null;
  const attributes = new Map(rest.map(parseAttribute).filter(([, text]) => text.length <= longestAttribute));
  const domain = attributes.get('domain')?.replace(/^\./, '').toLowerCase() ?? '';
  if (domain !== '' && domain !== hostname && !isBelow(hostname, domain)) return null;
  const path = attributes.get('path');
  const sameSite = attributes.get('samesite')?.toLowerCase();
  const cookie: Cookie = {
    name,
    value,
    host: domain || hostname,
    hasSubdomains: domain !== '' && isName(domain),
    path: path?.startsWith('/') ? path : defaultPath(pathname),
    expiresAt: expiryOf(attributes, now),
    secure: attributes.has('secure'),
    httpOnly: attributes.has('httponly'),
    sameSite: sameSite === 'strict' || sameSite === 'lax' || sameSite === 'none' ? sameSite : null,
    setBy: origin,
    setAt: now,
  };
  return isKept(cookie, address, domain !== '', path === '/') ? cookie : null;
}

/** Whether an address is one that `Secure` cookies go to: this machine is trusted without TLS. */
export function isTrusted({ protocol, hostname }: URL): boolean {
  return protocol === 'https:' || isLoopbackHost(hostname) || hostname.endsWith('.localhost');
}

function isKept(cookie: Cookie, address: URL, hasDomain: boolean, isForAll: boolean): boolean {
  const name = cookie.name.toLowerCase();
  if (cookie.secure && !isTrusted(address)) return false;
  if (cookie.sameSite === 'none' && !cookie.secure) return false;
  if (name.startsWith('__secure-')) return cookie.secure;
  return !name.startsWith('__host-') || (cookie.secure && !hasDomain && isForAll);
}

/** Of several attributes of one name the last counts. */
function parseAttribute(text: string): [string, string] {
  const equals = text.indexOf('=');
  if (equals < 0) return [text.trim().toLowerCase(), ''];
  return [text.slice(0, equals).trim().toLowerCase(), text.slice(equals + 1).trim()];
}

/** `Max-Age` wins over `Expires`. */
function expiryOf(attributes: ReadonlyMap<string, string>, now: number): number | null {
  const maxAge = attributes.get('max-age');
  if (maxAge !== undefined && /^-?\d+$/.test(maxAge)) return now + Number(maxAge) * 1000;
  const expires = Date.parse(attributes.get('expires') ?? '');
  return Number.isNaN(expires) ? null : expires;
}

/** Section 5.1.4. */
function defaultPath(requestPath: string): string {
  const end = requestPath.lastIndexOf('/');
  return end <= 0 ? '/' : requestPath.slice(0, end);
}

/** Not an address, and no name without a dot, which is nobody's domain. */
function isName(host: string): boolean {
  return !host.startsWith('[') && !/\.\d+$/.test(host) && host.includes('.');
}

function isBelow(host: string, domain: string): boolean {
  return isName(host) && isName(domain) && host.endsWith(`.${domain}`);
}
