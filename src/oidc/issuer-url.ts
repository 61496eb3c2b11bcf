import { controlIn } from '../control-character.js';
import { LogtoError } from '../errors.js';
import { problemOfAddress } from '../local-address.js';
import { shellWord } from '../shell-word.js';

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
 * An address of the web without a user name and a password, which may be shown then.
 *
 * @param refused makes the error of any other. Default: that of an issuer
 * @throws LogtoError `config_invalid`
 */
export function checkAddress(
  address: string,
  refused: (what: string) => LogtoError = (what) => invalidIssuer(what),
): URL {
  // `URL` leaves line breaks and tabs out, and would speak of another address.
  const control = controlIn(address);
  if (control !== null) throw refused(control);
  const url = URL.canParse(address) ? new URL(address) : null;
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw refused(problemOfAddress(address, 'is not an http(s) address'));
  }
  if (url.username || url.password) throw refused('has a user name or a password');
  return url;
}

/** The error of an address that is no issuer. `meant`: what may be meant by it. */
export function invalidIssuer(what: string, meant: string | null = null): LogtoError {
  return new LogtoError(
    'config_invalid',
    `The issuer ${what}.`,
    meant === null
      ? 'Give --issuer with the address of the provider, such as https://accounts.example.com.'
      : `Did you mean --issuer ${shellWord(meant)}? It is what the provider's discovery document names as issuer.`,
  );
}

/** The error of an address that is no place of a document. */
export function invalidPlace(what: string): LogtoError {
  return new LogtoError(
    'config_invalid',
    `The address of the discovery document (--discovery-url, LOGTO_CLI_DISCOVERY_URL) ${what}.`,
    `Give it whole, such as https://id.example.com/common${discoveryPath}`,
  );
}
