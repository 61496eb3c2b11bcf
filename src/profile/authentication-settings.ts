import { LogtoError } from '../errors.js';
import {
  type ClientAuthenticationMethod,
  clientAuthenticationMethods,
  isAuthenticationMethod,
} from '../oidc/authentication-method.js';

/** What one source says about how the application authenticates. */
export interface AuthenticationSource {
  readonly authMethod?: string | undefined;
  readonly clientKey?: string | undefined;
}

/** How the application authenticates, as far as anybody chose. */
export interface AuthenticationSettings {
  readonly authMethod?: ClientAuthenticationMethod;
  /** The path of the file with the application's private key; or, from a variable, its text. */
  readonly clientKey?: { readonly value: string; readonly mayBeText: boolean };
}

/**
 * What the strongest sources say.
 *
 * @param sources the flags first, then variables, strongest first
 * @param profile absent where the profile is of another application or provider: its method is none of this one's
 * @param appSecret the secret that is given beside
 * @throws LogtoError `config_invalid` for a method that there is not, and for a secret that no method would send
 */
export function authenticationSettings(
  [flags, ...variables]: readonly AuthenticationSource[],
  profile: AuthenticationSource | undefined,
  appSecret: string | undefined,
): AuthenticationSettings {
  const sources = [flags, ...variables, profile];
  const method = sources.find((source) => source?.authMethod !== undefined)?.authMethod;
  if (method !== undefined) checkMethod(method);
  if (method === 'none' && appSecret !== undefined) throw secretBesideNone();
  const holder = sources.find((source) => source?.clientKey !== undefined);
  const value = holder?.clientKey;
  const mayBeText = holder !== flags && holder !== profile;
  return {
    ...(method !== undefined && { authMethod: method }),
    ...(value !== undefined && { clientKey: { value, mayBeText } }),
  };
}

/** Whether a text is a private key itself, or the beginning of one, and no path: PEM, or JSON. */
export function isKeyText(text: string): boolean {
  return text.includes('-----BEGIN') || /^[\s\uFEFF]*\{/.test(text);
}

function checkMethod(method: string): asserts method is ClientAuthenticationMethod {
  if (isAuthenticationMethod(method)) return;
  throw new LogtoError(
    'config_invalid',
    `${JSON.stringify(method.slice(0, 60))} is no way for an application to authenticate (--auth-method, LOGTO_CLI_AUTH_METHOD).`,
    `Use one of ${clientAuthenticationMethods.join(', ')}.`,
  );
}

function secretBesideNone(): LogtoError {
  return new LogtoError(
    'config_invalid',
    'The method none (--auth-method, LOGTO_CLI_AUTH_METHOD) sends no secret, and one is given (LOGTO_APP_SECRET, --app-secret-stdin).',
    'Leave out one of them.',
  );
}
