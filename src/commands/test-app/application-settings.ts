import type { ApplicationOptions } from '../../check/application/application-options.js';
import { LogtoError } from '../../errors.js';
import type { TestAppFlags } from './test-app-flags.js';

/** What an application is told of its provider. */
export interface ApplicationSettings {
  readonly endpoint: string;
  readonly issuer: string;
  readonly appId: string;
  /** Absent where it is public. */
  readonly appSecret?: string;
  readonly url: string;
  /** The absolute path of the authority that it has to trust. */
  readonly caFile?: string;
}

/**
 * What is known of the application from the command line.
 *
 * @throws LogtoError `usage_invalid`, `config_invalid`
 */
export function applicationOptions(
  url: string | undefined,
  appId: string,
  flags: TestAppFlags,
): ApplicationOptions {
  if (url === undefined) {
    throw new LogtoError(
      'usage_invalid',
      'The address of the application is missing.',
      'Give the page where a visitor starts, such as: logto-cli test-app http://localhost:8080/ -- npm start',
    );
  }
  const start = webAddress(url, '<url>');
  return {
    url: start,
    appId,
    isPublic: flags.public === true,
    ...(flags.redirectUri !== undefined && { redirectUri: webAddress(flags.redirectUri, '--redirect-uri') }),
    ...(flags.signIn !== undefined && { signInUrl: webAddress(flags.signIn, '--sign-in', start) }),
    ...(flags.signedIn !== undefined && { signedInUrl: webAddress(flags.signedIn, '--signed-in', start) }),
    ...(flags.returnParameter !== undefined && { returnParameter: flags.returnParameter }),
    ...(flags.signUp !== undefined && { signUpUrl: webAddress(flags.signUp, '--sign-up', start) }),
    ...(flags.backChannelLogout !== undefined && {
      backChannelLogoutUrl: webAddress(flags.backChannelLogout, '--back-channel-logout', start),
    }),
    ...(flags.signOut !== undefined && { signOutUrl: webAddress(flags.signOut, '--sign-out', start) }),
    ...(flags.signedInText !== undefined && { signedInText: flags.signedInText }),
  };
}

/** An address as it is typed; one that is relative stands at the start. */
function webAddress(text: string, name: string, base?: string): string {
  const address = URL.canParse(text, base) ? new URL(text, base) : null;
  if (address !== null && (address.username !== '' || address.password !== '')) {
    throw new LogtoError(
      'config_invalid',
      `${name} has a user name or a password in it, which every process of this machine can see.`,
      'Leave it out: the visitor sends none. Let the application answer without one while it is tested.',
    );
  }
  if (address !== null && /^https?:$/.test(address.protocol)) return address.href;
  throw new LogtoError(
    'config_invalid',
    `${name} is no web address.`,
    'Give one with its scheme, such as http://localhost:8080/',
  );
}

/**
 * The variables that an application is started with.
 *
 * @param given `NAME=text` each, in which `{issuer}` and the like stand for what the application needs to know
 * @throws LogtoError `usage_invalid` for a `{name}` that stands for nothing
 */
export function variablesOf(
  { endpoint, issuer, appId, appSecret, url, caFile }: ApplicationSettings,
  given: readonly string[] = [],
): Readonly<Record<string, string | undefined>> {
  const values: Readonly<Record<string, string>> = {
    endpoint,
    issuer,
    'app-id': appId,
    'app-secret': appSecret ?? '',
    'app-url': url.replace(/\/$/, ''),
    'ca-file': caFile ?? '',
  };
  const own = given.map((text): [string, string] => {
    const equals = text.indexOf('=');
    const value = text
      .slice(equals + 1)
      .replace(
        /\{([A-Za-z][\w-]{0,40})\}/g,
        (whole, name: string) => values[name] ?? unknownName(whole, values),
      );
    return [text.slice(0, equals), value];
  });
  return {
    LOGTO_ENDPOINT: endpoint,
    LOGTO_APP_ID: appId,
    OIDC_ISSUER: issuer,
    OIDC_CLIENT_ID: appId,
    // One that somebody has for another provider is not handed on: a public application would use it.
    LOGTO_APP_SECRET: appSecret,
    OIDC_CLIENT_SECRET: appSecret,
    ...(caFile !== undefined && { NODE_EXTRA_CA_CERTS: caFile }),
    ...Object.fromEntries(own),
  };
}

function unknownName(whole: string, values: Readonly<Record<string, string>>): never {
  const names = Object.keys(values).map((name) => `{${name}}`);
  throw new LogtoError(
    'usage_invalid',
    `${whole} in --env stands for nothing.`,
    `There are ${names.join(', ')}. A variable that really has braces is set where this program is started: the environment is passed on whole.`,
  );
}
