import { controlIn } from '../control-character.js';
import { LogtoError } from '../errors.js';
import { problemOfAddress } from '../local-address.js';
import { onApplication } from '../logto-console.js';
import type { ClientAuthenticationMethod } from '../oidc/authentication-method.js';
import {
  checkAddress,
  discoveryPath,
  documentUrl,
  invalidPlace,
  type ProviderPlace,
} from '../oidc/issuer-url.js';
import { shellWord } from '../shell-word.js';
import { namedBy, worded } from '../wording.js';

/** One application, whatever its provider. */
export interface ApplicationConfig {
  /** The application's ID at the provider (`client_id`). */
  readonly appId: string;
  /** The application's secret. Without one it is a public client. */
  readonly appSecret?: string;
  /**
   * How the application authenticates (OpenID Connect Core 1.0, section 9). Default: what the provider lists, basic first;
   * `private_key_jwt` with a key, `none` with neither key nor secret.
   */
  readonly authMethod?: ClientAuthenticationMethod;
  /** The application's private key, for `private_key_jwt`: PEM without a passphrase, or a JWK. */
  readonly clientKey?: string;
  /** Where that was read, for whoever needs it again: the session remembers it. */
  readonly clientKeyFile?: string;
  /** Scopes beside the default ones, unless `defaultScopes` is false. */
  readonly scopes?: readonly string[];
  /** Whether `openid`, `profile` and `offline_access` are asked too, as far as the provider has them. Default: true. */
  readonly defaultScopes?: boolean;
  /** Resource indicators (RFC 8707) to ask for at sign-in. */
  readonly resources?: readonly string[];
  /**
   * The `prompt` of every sign-in; `null` sends none. Default with `endpoint`: `consent`, without which Logto silently
   * drops the refresh token; with `issuer`: none.
   */
  readonly prompt?: string | readonly string[] | null;
}

/** A Logto, by the endpoint that its Console shows: the issuer is `<endpoint>/oidc`. */
export interface LogtoProvider {
  /** Such as `https://tenant.logto.app`. */
  readonly endpoint: string;
  /** The two are one setting. */
  readonly issuer?: undefined;
  /** Logto's is where its issuer says. */
  readonly discoveryUrl?: undefined;
}

/** Any OpenID Provider, by its issuer, exactly as its discovery document spells it. */
export interface AnyProvider {
  /**
   * Such as `https://accounts.google.com`. With `discoveryUrl` it may be a template, as Microsoft Entra has one:
   * `https://login.microsoftonline.com/{tenantid}/v2.0`. Then `{tenantid}` stands for the claim `tid` of an ID token, and
   * any other name for the claim of that name: a whole segment of the path.
   */
  readonly issuer: string;
  /**
   * Where the discovery document is, if not at `<issuer>/.well-known/openid-configuration`. The issuer in it has to be
   * `issuer` all the same, to the letter.
   */
  readonly discoveryUrl?: string;
  /** The two are one setting. */
  readonly endpoint?: undefined;
}

/** What may name a provider, whole or in part. */
export interface NamedProvider {
  readonly endpoint?: string | undefined;
  readonly issuer?: string | undefined;
  readonly discoveryUrl?: string | undefined;
}

/**
 * One application at one OpenID Provider. The names are those of Logto's SDKs.
 *
 * @example
 * ```ts
 * const config: LogtoConfig = { endpoint: 'https://tenant.logto.app', appId: 'my-application' };
 * ```
 */
export type LogtoConfig = ApplicationConfig & (LogtoProvider | AnyProvider);

/**
 * The issuer that this configuration names: `issuer` as it is, but for blanks around, or `<endpoint>/oidc`.
 *
 * @throws LogtoError `config_missing`, `config_invalid` for two of them, and for one with a user name or a password
 */
export function issuerOf(config: NamedProvider): string {
  if (config.endpoint !== undefined && config.issuer !== undefined) {
    throw new LogtoError(
      'config_invalid',
      'Both an endpoint and an issuer are set, and they are one setting.',
      'Keep `endpoint` for Logto, or `issuer` for any other OpenID Provider.',
    );
  }
  if (config.issuer !== undefined) {
    const issuer = config.issuer.trim();
    // It is shown in many a message, and what looks like a user name may come with a password.
    if (issuer.includes('@')) checkAddress(issuer);
    return issuer;
  }
  if (config.endpoint === undefined) {
    throw new LogtoError(
      'config_missing',
      'No OpenID Provider is set.',
      `Give the Logto endpoint (${onApplication('Endpoints & Credentials')}), or the issuer of any other provider.`,
    );
  }
  return `${normalizeEndpoint(config.endpoint)}/oidc`;
}

/**
 * The provider that this configuration names, and where its document is; that is not said where it is behind the issuer.
 *
 * @throws LogtoError as {@link issuerOf}; `config_invalid` for the place of a document beside an endpoint
 */
export function placeOf(config: NamedProvider): ProviderPlace {
  const issuer = issuerOf(config);
  const discoveryUrl = config.discoveryUrl?.trim();
  if (discoveryUrl === undefined) return { issuer };
  if (config.endpoint !== undefined) {
    throw new LogtoError(
      'config_invalid',
      'Both an endpoint and the place of a discovery document are set, and that of Logto is known.',
      'Keep `endpoint` for Logto, or `issuer` and `discoveryUrl` for any other OpenID Provider.',
    );
  }
  // As an issuer, it is shown in many a message.
  if (discoveryUrl.includes('@')) checkAddress(discoveryUrl, invalidPlace);
  return discoveryUrl === documentUrl({ issuer }) ? { issuer } : { issuer, discoveryUrl };
}

/** The provider alone, out of what names it. */
export function namedProvider({
  endpoint,
  issuer = '',
  discoveryUrl,
}: NamedProvider): LogtoProvider | AnyProvider {
  if (endpoint !== undefined) return { endpoint };
  return { issuer, ...(discoveryUrl !== undefined && { discoveryUrl }) };
}

/** The flags that name a provider so, each with its value. */
export function providerFlags({ endpoint, issuer = '', discoveryUrl }: NamedProvider): string[] {
  if (endpoint !== undefined) return ['--endpoint', endpoint];
  return ['--issuer', issuer, ...(discoveryUrl === undefined ? [] : ['--discovery-url', discoveryUrl])];
}

/**
 * The application that this configuration names.
 *
 * @throws LogtoError `config_missing`; `config_invalid` for one with a control character in it
 */
export function appIdOf(config: LogtoConfig): string {
  const problem = controlIn(config.appId);
  if (problem !== null) {
    throw new LogtoError(
      'config_invalid',
      `The ID of the application ${problem}.`,
      'Copy it again from where the provider shows it, and nothing beside it.',
    );
  }
  if (config.appId) return config.appId;
  const hint = {
    general: 'Give its client ID, as the provider has it.',
    logto: `Give its App ID: ${onApplication('App ID')}.`,
  };
  throw new LogtoError('config_missing', 'No application is set.', worded(hint, namedBy(config)));
}

/**
 * Logto's endpoint without blanks around and a slash at its end.
 *
 * @throws LogtoError `config_invalid` when it is not a bare http(s) address, or names something else of Logto; the hint
 * has the endpoint that was meant, where there is one
 */
export function normalizeEndpoint(endpoint: string): string {
  const text = endpoint.trim();
  const control = controlIn(text);
  if (control !== null) throw refused(control);
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !/^https?:$/.test(url.protocol)) {
    // What looks like a user name may come with a password.
    const shown = text.includes('@') ? '' : `: ${JSON.stringify(text.slice(0, 200))}`;
    throw refused(
      `${problemOfAddress(text, 'is not an http(s) address')}${shown}`,
      /^[a-z\d-]{1,40}$/i.test(text) ? `${text}.logto.app` : null,
    );
  }
  const path = url.pathname.replace(/\/+$/, '');
  if (url.username || url.password) throw refused('has a user name in it');
  const tenant = consoleTenant(url);
  if (tenant !== null) {
    // Where Logto is one's own, its Console is at the next port by default.
    const meant = tenant ? `${tenant}.logto.app` : url.port === '3002' ? `${url.hostname}:3001` : null;
    throw refused("is the address of Logto's Console", meant, url.protocol);
  }
  if (path.endsWith('/oidc')) {
    throw new LogtoError(
      'config_invalid',
      `${url.origin}${path} is an issuer, not a Logto endpoint.`,
      `Use --endpoint ${shellWord(`${url.origin}${path.slice(0, -'/oidc'.length)}`)}, or give this address with --issuer.`,
    );
  }
  if (path.endsWith(discoveryPath)) {
    const issuer = `${url.origin}${path.slice(0, -discoveryPath.length)}`;
    throw new LogtoError(
      'config_invalid',
      'The Logto endpoint (--endpoint, LOGTO_ENDPOINT) is the address of a discovery document that is not where Logto has it.',
      `Did you mean --issuer ${shellWord(issuer)}? For Logto, use --endpoint with the address that its Console shows.`,
    );
  }
  if (url.search || url.hash) throw refused('has a query or a fragment', `${url.host}${path}`, url.protocol);
  return `${url.origin}${path}`;
}

/** The tenant in an address of Logto's Console, empty where it names none; `null` for any other address. */
function consoleTenant({ hostname, pathname }: URL): string | null {
  if (/^cloud\.logto\.(io|app)$/.test(hostname)) return /^\/([a-z\d]{4,40})(\/|$)/.exec(pathname)?.[1] ?? '';
  return /^\/console(\/|$)/.test(pathname) ? '' : null;
}

function refused(problem: string, meant: string | null = null, scheme = 'https:'): LogtoError {
  const guess = meant ? `Did you mean --endpoint ${shellWord(`${scheme}//${meant}`)}? ` : '';
  return new LogtoError(
    'config_invalid',
    `The Logto endpoint (--endpoint, LOGTO_ENDPOINT) ${problem}.`,
    `${guess}Copy the Logto endpoint from ${onApplication()}, such as https://tenant.logto.app.`,
  );
}
