import { type LogtoConfig, namedProvider } from '../client/logto-config.js';
import { LogtoError } from '../errors.js';
import { onApplication } from '../logto-console.js';
import type { Output } from '../output/output.js';
import { type Configuration, readConfiguration, updateConfiguration } from '../profile/config-file.js';
import { isPlaceholder } from '../profile/placeholder.js';
import { findSecret } from '../profile/secret-home.js';
import { type SecretVariable, secretFlags } from '../profile/secret-kinds.js';
import { checkSecretText, secretText } from '../profile/secret-text.js';
import { resolveSettings, type Settings } from '../profile/settings.js';
import { quotesRemark } from '../quoted-secret.js';
import type { Runtime } from '../runtime.js';
import { shellWord } from '../shell-word.js';
import { askSecret } from './ask-secret.js';
import type { CommandContext } from './command-context.js';
import type { ConnectionFlags } from './connection-flags.js';

/**
 * The settings of this run, with the secret from standard input when that is asked for. What was understood otherwise
 * than it was typed is told, and so is a secret that belongs elsewhere.
 *
 * @param keepsNothing whether the command keeps nothing and looks for nothing that was kept: it needs no home
 * @throws LogtoError `config_invalid`, `usage_invalid`
 */
export async function settingsOf(
  context: CommandContext,
  flags: ConnectionFlags,
  keepsNothing = false,
): Promise<Settings> {
  const configuration = await configurationOf(context, flags, keepsNothing);
  const secret = flags.appSecretStdin
    ? await readSecret(context.runtime, flags, '--app-secret-stdin', 'Application secret: ')
    : undefined;
  const settings = resolveSettings(flags, context.environments, configuration, secret);
  tellSettings(context.output, settings);
  knowQuotes(context.output, settings);
  return settings;
}

/** Tells what was understood otherwise than it was typed, and what was found and is not used. */
export function tellSettings(output: Output, { corrections, setAside }: Settings): void {
  for (const correction of corrections) output.note(correction);
  for (const remark of setAside) tellSetAside(output, remark);
}

/** Tells of what was found and is not used, now and wherever a hint says to set it. */
export function tellSetAside(output: Output, remark: string): void {
  const variable =
    [...Object.keys(flagsInstead)].find((name) => remark.startsWith(name)) ?? 'LOGTO_APP_SECRET';
  output.warn(remark);
  output.know([variable, flagsInstead[variable] ?? variable], remark);
}

/** What can be set aside, by the flag that says it instead. What names none of these is a secret that a profile keeps. */
const flagsInstead: Readonly<Record<string, string>> = {
  ...secretFlags,
  LOGTO_CLI_CLIENT_KEY: '--client-key',
  LOGTO_CLI_DISCOVERY_URL: '--discovery-url',
  NODE_EXTRA_CA_CERTS: '--ca-file',
};

/** A secret in quotes is told where it is refused: it may be meant so. */
export function knowQuotes(output: Output, { appSecret }: Pick<Settings, 'appSecret'>): void {
  const remark = quotesRemark(appSecret).trim();
  if (remark !== '') output.know(['LOGTO_APP_SECRET', '--app-secret-stdin'], remark);
}

/**
 * The configuration file. Who has no home has none, which is told where something would have to be kept there.
 *
 * @throws LogtoError `config_invalid`
 */
export async function configurationOf(
  { runtime, environments }: CommandContext,
  { storage }: ConnectionFlags,
  keepsNothing: boolean,
): Promise<Configuration> {
  try {
    return await readConfiguration(runtime.directories.config);
  } catch (error) {
    const kind = storage ?? environments.map(({ LOGTO_CLI_STORAGE }) => LOGTO_CLI_STORAGE).find(Boolean);
    const isHomeless = error instanceof LogtoError && error.details?.['reason'] === 'no_home';
    if (isHomeless && (keepsNothing || kind === 'memory')) return { profiles: {} };
    throw error;
  }
}

/**
 * Reads a secret from standard input: piped in, or typed unseen. What is typed is taken as it is: nobody types a blank
 * by accident.
 *
 * @param flag the one that asks for it
 * @throws LogtoError `usage_invalid` when nothing came, `config_invalid` for what can be no secret
 */
export async function readSecret(
  runtime: Runtime,
  flags: ConnectionFlags,
  flag: string,
  question: string,
): Promise<string> {
  const { stdin } = runtime;
  const typed = stdin.isTerminal && flags.input !== false;
  const given = typed ? await askSecret(runtime, question) : await stdin.readAll();
  const secret = typed ? (given ?? '') : secretText(given ?? '', flag);
  checkSecretText(secret, flag);
  if (secret) return secret;
  if (typed) {
    throw new LogtoError(
      'usage_invalid',
      'No secret was typed.',
      'Type or paste it, which is not shown, and press Enter; or pipe it in: … < secret.txt',
    );
  }
  throw new LogtoError('usage_invalid', 'No secret came on standard input.', 'Pipe it in: … < secret.txt');
}

/**
 * A secret out of the variables of this run, if there is one that belongs to the provider and application of these
 * settings. One that does not is told.
 *
 * @throws LogtoError `config_invalid` for what can be no secret
 */
export function variableSecret(
  { output }: CommandContext,
  settings: Settings,
  variable: SecretVariable,
): string | undefined {
  const { secret, hadBlanks, setAside } = findSecret(settings.sources, settings, variable);
  for (const remark of setAside) tellSetAside(output, remark);
  if (hadBlanks) output.note(`Blanks around the value of ${variable} are left out.`);
  return secret;
}

/**
 * The provider and application of these settings.
 *
 * @throws LogtoError `profile_unknown`, `config_missing`: whatever is not set; `config_invalid` for a placeholder
 */
export function requireApplication(settings: Settings): LogtoConfig {
  const { endpoint, issuer, discoveryUrl, appId, profile } = settings;
  const provider = (endpoint ?? issuer) === undefined ? null : namedProvider(settings);
  if (provider && appId !== undefined) {
    checkKeyIsSet(settings);
    checkPlaceholders(settings);
    return {
      ...provider,
      appId,
      ...(settings.authMethod !== undefined && { authMethod: settings.authMethod }),
    };
  }
  if (discoveryUrl !== undefined && provider === null) throw issuerMissing(settings);
  if (!settings.profileKnown) throw profileUnknown(profile);
  throw new LogtoError(
    'config_missing',
    provider
      ? 'No application is set (--app-id, LOGTO_APP_ID).'
      : 'No OpenID Provider is set (--endpoint, LOGTO_ENDPOINT; or --issuer, LOGTO_CLI_ISSUER).',
    issuer === undefined
      ? `${provider ? 'The App ID is' : 'The Logto endpoint and the App ID are'} on the page of the application: ${onApplication()}. Keep both for good with: ` +
          `logto-cli profile set ${shellWord(profile)} --endpoint https://tenant.logto.app --app-id <App ID>. Without a tenant, try: logto-cli demo`
      : `It is the client ID that the provider has for the application. Keep both for good with: ` +
          `logto-cli profile set ${shellWord(profile)} --issuer ${shellWord(issuer)} --app-id <client ID>`,
  );
}

/** The failure of a place without an issuer: what stands there may be anybody's. */
export function issuerMissing({ saidBy }: Settings): LogtoError {
  return new LogtoError(
    'config_missing',
    `${saidBy.provider} says where the discovery document is, and nobody which issuer it has to name (--issuer, LOGTO_CLI_ISSUER).`,
    'Give the issuer beside it: --issuer <url>, as the provider documents it. A template such as {tenantid} in it stands for the tenant of the user.',
  );
}

/** Refuses a method that needs a key where nobody gave one, before anything is sent. */
function checkKeyIsSet({ authMethod, clientKey }: Settings): void {
  if (authMethod !== 'private_key_jwt' || clientKey !== undefined) return;
  throw new LogtoError(
    'config_invalid',
    "private_key_jwt (--auth-method, LOGTO_CLI_AUTH_METHOD) needs the application's private key, and none is set.",
    'Give the file that it is in with --client-key <pem or jwk> (LOGTO_CLI_CLIENT_KEY).',
  );
}

/** Refuses what was copied out of documentation as it stands there, before anything is sent anywhere. */
function checkPlaceholders(settings: Settings): void {
  const failure = placeholderIn(settings);
  if (failure !== null) throw failure;
}

/** What is wrong with settings that have a placeholder in them; `null` for all others. */
export function placeholderIn({ endpoint, issuer, appId = '', saidBy }: Settings): LogtoError | null {
  const address = endpoint ?? issuer ?? '';
  const [text, speaker, own] = isPlaceholder(address)
    ? [address, saidBy.provider, endpoint === undefined ? 'the address of your provider' : consoleEndpoint]
    : [appId, saidBy.appId, "your application's ID"];
  if (!isPlaceholder(text)) return null;
  return new LogtoError(
    'config_invalid',
    `${JSON.stringify(text)} (${speaker}) is a placeholder out of documentation.`,
    `Put ${own} there.`,
  );
}

const consoleEndpoint = `your tenant's Logto endpoint, of ${onApplication('Endpoints & Credentials')},`;

/** The failure of a profile that nobody made. */
export function profileUnknown(profile: string): LogtoError {
  return new LogtoError(
    'profile_unknown',
    `There is no profile ${JSON.stringify(profile)} (--profile, LOGTO_CLI_PROFILE).`,
    `See them with: logto-cli profile list. Make it with: logto-cli init --profile ${shellWord(profile)}, or: logto-cli profile set ${shellWord(profile)} --endpoint … --app-id …`,
  );
}

/** Changes the configuration file of this machine. */
export async function changeConfiguration(
  runtime: Runtime,
  change: (configuration: Configuration) => Configuration,
): Promise<void> {
  // Not a name that a profile can have.
  await updateConfiguration(runtime.directories.config, runtime.lock('.config'), change);
}
