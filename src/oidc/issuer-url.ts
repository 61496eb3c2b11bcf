import { LogtoError } from '../errors.js';
import { problemOfAddress } from '../local-address.js';
import { shellWord } from '../shell-word.js';
import { hasBraces, isTemplate, namesIn } from './issuer-template.js';

/** Where an issuer has its discovery document, behind it (OpenID Connect Discovery 1.0, section 4). */
export const discoveryPath = '/.well-known/openid-configuration';

/** A provider, and where it says what it is. */
export interface ProviderPlace {
  /** To the letter; or a template that the ID token fills (see `issuer-template.ts`), where `discoveryUrl` is there. */
  readonly issuer: string;
  /** Where its discovery document is; absent: where its issuer says. */
  readonly discoveryUrl?: string | undefined;
}

/** Whether both are the same provider, asked at the same place. */
export function isSamePlace(one: ProviderPlace, other: ProviderPlace): boolean {
  return one.issuer === other.issuer && one.discoveryUrl === other.discoveryUrl;
}

/** A provider within a sentence, with where its document is said to be. */
export function inWords({ issuer, discoveryUrl }: ProviderPlace): string {
  return discoveryUrl === undefined ? issuer : `${issuer} (by the document ${discoveryUrl})`;
}

/** Where a provider has its document: where that is said to be, else behind its issuer (OpenID Connect Discovery 1.0, section 4.1). */
export function documentUrl({ issuer, discoveryUrl }: ProviderPlace): string {
  return discoveryUrl ?? `${issuer.replace(/\/$/, '')}${discoveryPath}`;
}

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
  return checkProvider({ issuer });
}

/**
 * An issuer, and the place of its document where that is said: both as {@link checkIssuer} has it, but that the address of
 * a document may have a query.
 *
 * @returns the issuer
 * @throws LogtoError `config_invalid`, `issuer_insecure`
 */
export function checkProvider({ issuer, discoveryUrl }: ProviderPlace): URL {
  const url = checkAddress(issuer, invalid);
  if (/[?#]/.test(issuer)) throw invalid('has a query or a fragment', issuerBehind(url));
  if (hasBraces(issuer)) checkTemplate(issuer, discoveryUrl);
  if (discoveryUrl !== undefined) {
    const { hash } = checkAddress(discoveryUrl, invalidPlace);
    if (hash !== '') throw invalidPlace('has a fragment');
    if (hasBraces(discoveryUrl))
      throw invalidPlace('is a template, and there is one document for all tenants');
    checkEncrypted(new URL(discoveryUrl));
  }
  checkEncrypted(url);
  return url;
}

function checkAddress(address: string, refused: (what: string) => LogtoError): URL {
  const url = URL.canParse(address) ? new URL(address) : null;
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw refused(problemOfAddress(address, 'is not an http(s) address'));
  }
  if (url.username || url.password) throw refused('has a user name or a password');
  return url;
}

function checkEncrypted({ protocol, hostname, host, origin }: URL): void {
  if (protocol !== 'http:' || isLoopbackHost(hostname)) return;
  throw new LogtoError(
    'issuer_insecure',
    `${origin} is asked without TLS, and is not this machine.`,
    `Use ${shellWord(`https://${host}`)} instead; http: is only for localhost, 127.0.0.0/8 and [::1].`,
  );
}

function checkTemplate(issuer: string, discoveryUrl: string | undefined): void {
  if (!isTemplate(issuer)) {
    throw new LogtoError(
      'config_invalid',
      'The issuer has braces, and is no template: in one, {name} stands for a whole segment of the path.',
      'Give --issuer as the discovery document has it, such as https://id.example.com/{tenantid}/v2.0',
    );
  }
  if (discoveryUrl !== undefined) return;
  const names = namesIn(issuer).map((name) => `{${name}}`);
  throw new LogtoError(
    'config_invalid',
    `The issuer is a template (${names.join(', ')}), and nothing says where its discovery document is.`,
    `Say where, with --discovery-url <url> (LOGTO_CLI_DISCOVERY_URL); or put the ID of your tenant in the place of ${names[0]}.`,
  );
}

function invalidPlace(what: string): LogtoError {
  return new LogtoError(
    'config_invalid',
    `The address of the discovery document (--discovery-url, LOGTO_CLI_DISCOVERY_URL) ${what}.`,
    `Give it whole, such as https://id.example.com/common${discoveryPath}`,
  );
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
