import { LogtoError } from '../errors.js';
import type { Output } from '../output/output.js';
import { type Configuration, readConfiguration, updateConfiguration } from '../profile/config-file.js';
import { bySetting } from '../profile/profile-name.js';
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
  throw new LogtoError(
    'usage_invalid',
    `Nothing came on standard input for ${flag}.`,
    'Pipe it in, such as from a file, by this at the end of the command: < secret.txt',
  );
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
 * The failure of a profile that nobody made.
 *
 * @param by what may have named it: nothing where an argument did, which is in sight
 */
export function profileUnknown(profile: string, by = bySetting): LogtoError {
  return new LogtoError(
    'profile_unknown',
    `There is no profile ${JSON.stringify(profile)}${by}.`,
    `See them with: logto-cli profile list. Make it with: logto-cli init --profile ${shellWord(profile)}, or: logto-cli profile set ${shellWord(profile)} --endpoint <url> --app-id <App ID>`,
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
