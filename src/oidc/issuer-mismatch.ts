import { LogtoError } from '../errors.js';
import { shellWord } from '../shell-word.js';
import type { NamedBy } from '../wording.js';
import { checkIssuer } from './check-provider.js';
import { ownAddressHint, proxyHint } from './discovery-hints.js';
import { isTemplate, mayBeIssuer } from './issuer-template.js';
import { documentUrl, isLoopbackHost, type ProviderPlace } from './issuer-url.js';

/** What is known of the address that the found issuer has itself: whether a sign-in can be set to it. */
export type OwnAddress =
  | { readonly works: true }
  /** `why` ends a sentence; `isEmpty`: no document is there. */
  | { readonly works: false; readonly why: string; readonly isEmpty: boolean };

/** More of an issuer than this is not shown. */
const longest = 200;

/**
 * A discovery document whose issuer is not the one that was expected. A value is proposed only where it is sure to work:
 * where both are the same place, where the place of the found one was looked at, or where the document is that was read.
 *
 * @param place whose document it was to be
 * @param own what came of looking there; absent: nobody has
 */
export function issuerMismatch(
  place: ProviderPlace,
  found: string,
  namedBy: NamedBy | undefined,
  own?: OwnAddress,
): LogtoError {
  const { issuer: expected, discoveryUrl } = place;
  const shown = JSON.stringify(found).slice(0, longest);
  // In a hint everything may be pasted, or taken for a command of ours.
  const quoted = shellWord(found.slice(0, longest));
  const usual = `The provider says that its issuer is ${shown}, where ${JSON.stringify(expected)} was expected.`;
  const tell = (hint: string, message = usual) =>
    new LogtoError('issuer_mismatch', message, hint, { expected, found: found.slice(0, longest) });

  const placeholder = placeholderIn(found);
  if (placeholder !== null) return tell(tenantHint(place, found, placeholder, namedBy));
  if (!isUsable(found)) {
    return isPlainTwin(expected, found)
      ? tell(proxyHint(namedBy))
      : tell(`No setting here helps: ${quoted} is no issuer. Whoever runs the provider has to correct it.`);
  }
  // Whatever is there has been read there: to expect what it says is for somebody to decide.
  const here = `--issuer ${shellWord(found)} --discovery-url ${shellWord(documentUrl(place))}`;
  if (discoveryUrl !== undefined) {
    const setting = documentUrl({ issuer: found }) === discoveryUrl ? `--issuer ${shellWord(found)}` : here;
    return tell(
      mayBeIssuer(expected, found)
        ? `That document is of one tenant alone: use ${setting}, or the address of the document for all of them.`
        : `If that is the provider you mean, use ${setting}`,
    );
  }
  const hint = `Use exactly what the provider says: ${settingOf(found, namedBy)}`;
  if (withoutSlash(found) === withoutSlash(expected)) {
    const difference = 'they differ by a slash at the end';
    return tell(
      hint,
      `The provider's issuer is ${shown}, and ours ${JSON.stringify(expected)}: ${difference}.`,
    );
  }
  if (isSamePlace(expected, found)) return tell(hint);
  if (isLoopbackHost(new URL(found).hostname) && !isLoopbackHost(new URL(expected).hostname)) {
    return tell(`That is an address of the provider's own machine. ${ownAddressHint(expected, namedBy)}`);
  }
  if (own === undefined) {
    return tell('Give the issuer that the provider has at its own address; this address is of another one.');
  }
  if (own.works) return tell(`If that is the provider you mean, use ${settingOf(found, namedBy)}`);
  if (own.isEmpty && namedBy !== 'endpoint' && new URL(found).origin === new URL(expected).origin) {
    return tell(`If that is the provider you mean, say where its document is, since ${own.why}: ${here}`);
  }
  return tell(`Giving ${quoted} instead would not help: ${own.why}. ${ownAddressHint(expected, namedBy)}`);
}

/** Whether a document that names this issuer may be looked for at its own address: https, or this machine as before. */
export function isWorthAsking({ issuer: expected, discoveryUrl }: ProviderPlace, found: string): boolean {
  return (
    discoveryUrl === undefined &&
    placeholderIn(found) === null &&
    isUsable(found) &&
    !isSamePlace(expected, found) &&
    (found.startsWith('https:') || isLoopbackHost(new URL(expected).hostname))
  );
}

function withoutSlash(text: string): string {
  return text.endsWith('/') ? text.slice(0, -1) : text;
}

/** Such as `{tenantid}`, also percent-encoded. */
function placeholderIn(issuer: string): string | null {
  const [, name] = /(?:\{|%7B)([^{}%/]{1,60})(?:\}|%7D)/i.exec(issuer) ?? [];
  return name ?? null;
}

function tenantHint(place: ProviderPlace, found: string, name: string, namedBy: NamedBy | undefined): string {
  const filled = found.replace(/(?:\{|%7B)[^{}%/]{1,60}(?:\}|%7D)/gi, `<${name}>`).slice(0, longest);
  const one =
    `The provider has one issuer for each tenant: put the ID of yours in the place of {${name}}, such as ` +
    `--issuer ${shellWord(filled)}`;
  const isOffered = namedBy !== 'endpoint' && found.length <= longest && isTemplate(found);
  return isOffered
    ? `${one}; or take those of every tenant: --issuer ${shellWord(found)} --discovery-url ${shellWord(documentUrl(place))}`
    : one;
}

function isUsable(issuer: string): boolean {
  if (issuer.length > longest || !/^[\w:/.~@!$&'()*+,;=%[\]-]+$/.test(issuer)) return false;
  try {
    checkIssuer(issuer);
    return true;
  } catch {
    return false;
  }
}

/** The same address as URLs are compared, with or without a slash at the end: the same document is there. */
function isSamePlace(one: string, other: string): boolean {
  return withoutSlash(new URL(one).href) === withoutSlash(new URL(other).href);
}

/** The same host and path, with http in the place of https. */
function isPlainTwin(expected: string, found: string): boolean {
  if (!URL.canParse(found)) return false;
  const [ours, theirs] = [new URL(expected), new URL(found)];
  return ours.protocol === 'https:' && theirs.protocol === 'http:' && ours.hostname === theirs.hostname;
}

/** The flag that sets this issuer: an endpoint only where that makes it to the letter, and only to whoever uses one. */
function settingOf(issuer: string, namedBy: NamedBy | undefined): string {
  const { origin, pathname } = new URL(issuer);
  const endpoint = `${origin}${pathname}`.replace(/\/oidc$/, '');
  return namedBy === 'endpoint' && `${endpoint}/oidc` === issuer && !endpoint.endsWith('/')
    ? `--endpoint ${shellWord(endpoint)}`
    : `--issuer ${shellWord(issuer)}`;
}
