import { portOf } from '../local-address.js';

/** More is no address. */
const longest = 65_536;

/** What stands around an address that was copied out of something. */
const quotes = /^["'`<‹«“”‘’]+|["'`>›»“”‘’]+$/gu;

/** A response as it would be asked for here, or why it can be none: the end of a sentence, with nothing secret in it. */
export type PastedCallback =
  | { readonly url: string; readonly parameters: URLSearchParams }
  | { readonly problem: string };

/**
 * The response in a text that a person pasted: the whole address that the browser ended on, or its query. Blanks, line
 * breaks and other controls that a terminal puts in are left out, since an address has none, and so are quotes around it.
 *
 * @param redirectUri where the browser was to come back to
 */
export function pastedCallback(pasted: string, redirectUri: URL): PastedCallback {
  if (pasted.length > longest) return { problem: 'is longer than any address' };
  const text = pasted.replace(/[\s\p{Cc}\p{Cf}]/gu, '').replace(quotes, '');
  if (text === '') return { problem: 'was empty' };
  const address = addressOf(text, redirectUri);
  if (address === null) return { problem: 'is no address, and no query of one' };
  if (address.hostname === redirectUri.hostname && address.port !== redirectUri.port)
    return { problem: `is of another port than ${portOf(redirectUri.href)}` };
  if (address.host !== redirectUri.host)
    return { problem: `is of another place than ${redirectUri.host}, where the browser has to end` };
  if (address.protocol !== redirectUri.protocol)
    return {
      problem: `begins with ${address.protocol}, and the browser has to end on ${redirectUri.protocol}`,
    };
  if (address.pathname !== redirectUri.pathname)
    return { problem: `is of another path than ${redirectUri.pathname}` };
  if (address.search === '' && /[#&](code|error|state)=/.test(address.hash))
    return { problem: 'has its answer behind a # (response_mode=fragment), which was not asked for' };
  const url = new URL(redirectUri);
  url.search = address.search;
  return { url: url.href, parameters: url.searchParams };
}

/** The address that a text is, or is the end of; `null` for what is neither. */
function addressOf(text: string, redirectUri: URL): URL | null {
  const isWhole = /^[a-z][a-z0-9+.-]*:\/\//i.test(text);
  const isPath = text.startsWith('/') && !text.startsWith('//');
  const isQuery = !isWhole && !isPath && /^[?&]?[\w.-]{1,60}=/.test(text);
  const whole = isWhole
    ? text
    : isPath
      ? `${redirectUri.origin}${text}`
      : isQuery
        ? `${redirectUri.origin}${redirectUri.pathname}?${text.replace(/^[?&]/, '')}`
        : // Browsers leave the scheme out of what they show.
          text.startsWith(`${redirectUri.host}/`)
          ? `${redirectUri.protocol}//${text}`
          : '';
  if (!URL.canParse(whole)) return null;
  const url = new URL(whole);
  if (!isWhole) return url;
  // A browser that keeps localhost to https (HSTS) has changed that alone, and came to nobody.
  if (url.protocol === 'https:' && redirectUri.protocol === 'http:') {
    const port = url.port === '' && redirectUri.port === '' ? '' : url.port || '443';
    url.protocol = 'http:';
    url.port = port === '' ? '' : port;
  }
  return /^https?:$/.test(url.protocol) ? url : null;
}
