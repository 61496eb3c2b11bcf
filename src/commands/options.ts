import type { Command } from 'commander';
import { LogtoError } from '../errors.js';
import { clientAuthenticationMethods } from '../oidc/authentication-method.js';
import { isKeyText } from '../profile/authentication-settings.js';
import { typedRedirectUri } from '../profile/typed-address.js';
import { InvalidArgumentError, Option, Command as OptionsOnly } from './commander.js';

/** Flags that people guess for secrets. They are refused, since a process list shows every argument. */
const refusedFlags = {
  '--app-secret': 'Set LOGTO_APP_SECRET, or pipe the secret in with --app-secret-stdin.',
  '--client-secret': 'Set LOGTO_APP_SECRET, or pipe the secret in with --app-secret-stdin.',
  '--secret': 'Set LOGTO_APP_SECRET, or pipe the secret in with --app-secret-stdin.',
  '--one-time-token': 'Set LOGTO_CLI_ONE_TIME_TOKEN, or pipe the token in with --one-time-token-stdin.',
  '--password':
    'Set LOGTO_CLI_PASSWORD, or pipe the password in with --password-stdin, for a sign-in without a browser; ' +
    'else it is typed on the page.',
  '--totp-secret': 'Set LOGTO_CLI_TOTP_SECRET, or pipe the secret in with --totp-secret-stdin.',
  '--subject-token': 'Set LOGTO_CLI_SUBJECT_TOKEN, or pipe the token in with --subject-token-stdin.',
  '--actor-token': 'Set LOGTO_CLI_ACTOR_TOKEN, or pipe the token in with --actor-token-stdin.',
  '--backup-code': 'Set LOGTO_CLI_BACKUP_CODE, or pipe the code in with --backup-code-stdin.',
};

/** The groups of flags that most commands share. Their help names these, and `logto-cli help flags` explains them. */
export const sharedGroups = {
  provider: 'Provider:',
  application: 'Application:',
  profile: 'Profile:',
  output: 'Output:',
} as const;

/** Adds the flags that say which provider. */
export function addProviderOptions(command: Command): Command {
  return command
    .optionsGroup(sharedGroups.provider)
    .option('--endpoint <url>', 'Logto endpoint; its issuer is <endpoint>/oidc (LOGTO_ENDPOINT)')
    .option('--issuer <url>', 'any OpenID Provider, instead of --endpoint (LOGTO_CLI_ISSUER)')
    .option(
      '--discovery-url <url>',
      'where its discovery document is, if not behind the issuer (LOGTO_CLI_DISCOVERY_URL)',
    )
    .option(
      '--ca-file <pem>',
      'also trust the certificate authorities in this file (or NODE_EXTRA_CA_CERTS)',
    );
}

/** Adds the flags of the connection: which application at which provider. */
export function addConnectionOptions(command: Command): Command {
  addProviderOptions(command)
    .optionsGroup(sharedGroups.application)
    .option('--client-id, --app-id <id>', 'the application (LOGTO_APP_ID)')
    .option('--app-secret-stdin', "read the application's secret from standard input (or LOGTO_APP_SECRET)")
    .option(
      '--auth-method <method>',
      `how the application authenticates: ${clientAuthenticationMethods.join(', ')} (LOGTO_CLI_AUTH_METHOD)`,
    )
    .option(
      '--client-key <file>',
      "the application's private key, PEM or JWK, for private_key_jwt (LOGTO_CLI_CLIENT_KEY)",
      keyPath('--client-key', 'Put the key into a file, or set LOGTO_CLI_CLIENT_KEY to it.'),
    );
  for (const [flag, instead] of Object.entries(refusedFlags)) {
    command.addOption(
      new Option(`${flag} [value]`).hideHelp().argParser(refuseSecret(flag, instead)).preset(''),
    );
  }
  return command;
}

/** Adds the flags that choose a profile and its storage. */
export function addProfileOptions(command: Command): Command {
  return command
    .optionsGroup(sharedGroups.profile)
    .option('--profile <name>', 'named profile (LOGTO_CLI_PROFILE)')
    .option('--storage <kind>', 'keychain (default), file or memory (LOGTO_CLI_STORAGE)');
}

/** The flags of output and input, one by one, for commands that do not take all of them. */
export const outputOption = {
  json: ['--json', 'exactly one JSON document on stdout'],
  verbose: ['-v, --verbose', 'more on stderr'],
  quiet: ['-q, --quiet', 'less on stderr'],
  noInput: ['--no-input', 'never ask'],
  trace: [
    '--trace [file]',
    'every exchange explained, nothing secret in it: on stderr, or in --trace=file.html, .json, .har or .txt',
  ],
  dotenv: ['--dotenv <path>', 'read variables from this file, weaker than the environment'],
} as const;

/** Adds the flags of output and input. */
export function addOutputOptions(command: Command): Command {
  command.optionsGroup(sharedGroups.output);
  for (const [flags, words] of Object.values(outputOption)) command.option(flags, words);
  return command;
}

/** The flags that most commands have: these may stand before the command too. */
export function globalOptions(): Command['options'] {
  return addOutputOptions(addProfileOptions(addConnectionOptions(new OptionsOnly()))).options;
}

/** Adds the flags of an emulator that speaks https. */
export function addTlsOptions(command: Command): Command {
  return command
    .option(
      '--tls-cert <pem>',
      'speak https, with the certificate for localhost in this file',
      pemPath('cert'),
    )
    .option('--tls-key <pem>', 'its private key', pemPath('key'));
}

/** Adds the flags of a callback that is answered over https. */
export function addCallbackTlsOptions(command: Command): Command {
  const words = 'for an https callback: certificate and key';
  return command
    .option('--tls-cert <pem>', words, pemPath('cert'))
    .option('--tls-key <pem>', words, pemPath('key'));
}

function pemPath(what: 'cert' | 'key'): (value: string) => string {
  return keyPath(`--tls-${what}`, 'Put the key into a file.');
}

/** Collects the values of a repeatable option, each of which may hold several, separated by spaces or commas. */
export function collectWords(value: string, previous: readonly string[] = []): string[] {
  return [...previous, ...value.split(/[\s,]+/).filter(Boolean)];
}

/** Collects the values of a repeatable option as they are. */
export function collect(value: string, previous: readonly string[] = []): string[] {
  return [...previous, value];
}

/** Reads a redirect URI as it is meant: without blanks and quotes around, with the scheme that it lacks on this machine. */
export function redirectUri(value: string): string {
  return typedRedirectUri(value).value;
}

/** Reads a whole number within bounds, or refuses the option's value. */
export function wholeNumber(least: number, most: number): (value: string) => number {
  return (value) => {
    const number = /^\d{1,10}$/.test(value) ? Number(value) : Number.NaN;
    if (number >= least && number <= most) return number;
    throw new InvalidArgumentError(`It takes a whole number from ${least} to ${most}.`);
  };
}

/** The path of a key; a key itself is refused, and not repeated. */
function keyPath(flag: string, instead: string): (value: string) => string {
  return (value) => {
    if (!isKeyText(value)) return value;
    throw new LogtoError(
      'usage_invalid',
      `${flag} takes the path of a file, and got a key: what is in the arguments is visible to every process of this machine.`,
      `${instead} If that was a real key, consider it known and replace it.`,
    );
  };
}

/** Refuses a flag that would show a secret to the whole machine; the value is not repeated. */
function refuseSecret(flag: string, instead: string): () => never {
  return () => {
    throw new LogtoError(
      'usage_invalid',
      `${flag} does not exist: a secret in the arguments is visible to every process of this machine.`,
      `${instead} If that was a real secret, consider it known and replace it.`,
    );
  };
}
