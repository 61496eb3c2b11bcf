import type { Command } from 'commander';
import { LogtoError } from '../../errors.js';
import type { ExperienceIdentifier, ExperienceUser } from '../../headless/experience-user.js';
import { secretFlags } from '../../profile/secret-kinds.js';
import type { Settings } from '../../profile/settings.js';
import type { CommandContext } from '../../session/command-context.js';
import { readSecret, variableSecret } from '../../session/connection.js';
import type { ConnectionFlags } from '../../session/connection-flags.js';
import { checkSingleInput } from '../../session/single-input.js';
import { collectOrigin } from './allowed-origin.js';

/** The flags of a sign-in without a browser. */
export interface HeadlessFlags extends ConnectionFlags {
  readonly headless?: boolean;
  readonly username?: string;
  readonly email?: string;
  readonly phone?: string;
  readonly passwordStdin?: boolean;
  readonly oneTimeTokenStdin?: boolean;
  readonly totpSecretStdin?: boolean;
  readonly backupCodeStdin?: boolean;
  readonly callbackStdin?: boolean;
  readonly listen?: string;
  readonly tlsCert?: string;
  readonly tlsKey?: string;
  readonly allowOrigin?: readonly string[];
  readonly signUp?: boolean;
  readonly directSignIn?: string;
  /** Whether the user signs in several times: what works once is of no use then. */
  readonly repeated?: boolean;
}

const identifierTypes = ['username', 'email', 'phone'] as const;

/** Everything that can come on standard input, and the variable that holds it otherwise. */
const stdinFlags = {
  appSecretStdin: 'LOGTO_APP_SECRET',
  passwordStdin: 'LOGTO_CLI_PASSWORD',
  oneTimeTokenStdin: 'LOGTO_CLI_ONE_TIME_TOKEN',
  totpSecretStdin: 'LOGTO_CLI_TOTP_SECRET',
  backupCodeStdin: 'LOGTO_CLI_BACKUP_CODE',
} as const;
type StdinFlag = keyof typeof stdinFlags;

/** Adds the flags of a sign-in without a browser. The one-time token's is there already. */
export function addHeadlessOptions(command: Command): Command {
  const who = 'who signs in';
  command
    .optionsGroup('Without a browser (Logto only):')
    .option('--headless', "sign in, or register, by Logto's Experience API")
    .option('--username <name>', who)
    .option('--email <address>', who)
    .option('--phone <digits>', who);
  return addProofOptions(command).option('--backup-code-stdin', 'a backup code (or LOGTO_CLI_BACKUP_CODE)');
}

/** Adds the flags of what proves who a user is, every time, and of where that may be sent. */
export function addProofOptions(command: Command): Command {
  return command
    .option('--password-stdin', 'the password (or LOGTO_CLI_PASSWORD, or a prompt)')
    .option('--totp-secret-stdin', "authenticator's secret (or LOGTO_CLI_TOTP_SECRET)")
    .option('--allow-origin <origin>', 'send them to this origin, too (repeatable)', collectOrigin);
}

/**
 * Refuses flags that do not go together, before anything is read.
 *
 * @throws LogtoError `usage_invalid`
 */
export function checkHeadlessFlags(flags: HeadlessFlags): void {
  const wanting = Object.entries(stdinFlags).filter(([name]) => flags[name as StdinFlag]);
  checkSingleInput(wanting.map(([, variable]) => variable));
  const [variable] = wanting.map(([, name]) => name);
  if (variable !== undefined && flags.callbackStdin) {
    throw new LogtoError(
      'usage_invalid',
      `${secretFlags[variable]} and --callback-stdin both want standard input.`,
      `Give the secret by its variable: ${variable}.`,
    );
  }
  const ofBrowser = [
    flags.callbackStdin ? ['--callback-stdin'] : [],
    flags.listen === undefined ? [] : ['--listen'],
    flags.tlsCert === undefined ? [] : ['--tls-cert'],
    flags.tlsKey === undefined ? [] : ['--tls-key'],
  ].flat()[0];
  if (flags.headless && ofBrowser !== undefined) {
    throw new LogtoError(
      'usage_invalid',
      `${ofBrowser} does not go with --headless: no browser ends on any address there.`,
      `Leave out ${ofBrowser}.`,
    );
  }
  const named = identifierTypes.filter((type) => flags[type] !== undefined);
  if (flags.headless) {
    checkUser(flags, named);
    return;
  }
  const secrets = (['passwordStdin', 'totpSecretStdin', 'backupCodeStdin'] as const).filter(
    (name) => flags[name],
  );
  const stray = [
    ...named.map((type) => `--${type}`),
    ...secrets.map((name) => secretFlags[stdinFlags[name]]),
    ...(flags.allowOrigin === undefined ? [] : ['--allow-origin']),
  ][0];
  if (stray === undefined) return;
  throw new LogtoError(
    'usage_invalid',
    `${stray} is for a sign-in without a browser (--headless).`,
    'Add --headless, or fill in the page with --login-hint <username, e-mail or phone>.',
  );
}

function checkUser(flags: HeadlessFlags, named: readonly ExperienceIdentifier['type'][]): void {
  const [type] = named;
  if (type === undefined || !flags[type] || named.length > 1) {
    throw new LogtoError(
      'usage_invalid',
      named.length < 2
        ? '--headless needs to know the user.'
        : `${named.map((name) => `--${name}`).join(' and ')} name the user twice.`,
      'Give one of --username <name>, --email <address>, --phone <digits>.',
    );
  }
  if (flags.directSignIn !== undefined) {
    throw new LogtoError(
      'usage_invalid',
      '--direct-sign-in leads to the pages of somebody else, which need a browser.',
      'Leave out --headless, or sign in a user who has a password.',
    );
  }
  if (flags.oneTimeTokenStdin && type !== 'email') {
    throw new LogtoError(
      'usage_invalid',
      "--one-time-token-stdin is a magic link's token, and the user is not named by e-mail address.",
      'Add --email <address> to which the link was made.',
    );
  }
}

/**
 * The user of a sign-in without a browser, with what proves it: from standard input, variables or a prompt. A one-time
 * token counts for an e-mail address only, where it is stronger than a password from a variable.
 *
 * @param settings whose provider and application it is sent to: a variable's secret may belong elsewhere
 * @throws LogtoError `usage_invalid`, `config_missing`, `config_invalid`
 */
export async function readHeadlessUser(
  context: CommandContext,
  settings: Settings,
  flags: HeadlessFlags,
): Promise<ExperienceUser> {
  const type = identifierTypes.find((name) => flags[name] !== undefined) ?? 'username';
  const identifier = { type, value: identifierValue(type, flags[type] ?? '') };
  const secret = (name: StdinFlag) => secretOf(context, settings, flags, name);
  const takesToken = type === 'email' && !flags.passwordStdin && !flags.repeated;
  const oneTimeToken = takesToken ? await secret('oneTimeTokenStdin') : undefined;
  if (flags.signUp && type !== 'username' && oneTimeToken === undefined) {
    throw new LogtoError(
      'usage_invalid',
      `Without a browser nobody is registered by ${type} and password alone.`,
      'Use --username <name>; or --email <address> with a one-time token (--one-time-token-stdin).',
    );
  }
  const totpSecret = await secret('totpSecretStdin');
  const backupCode = flags.repeated ? undefined : await secret('backupCodeStdin');
  if (totpSecret !== undefined) await checkTotpSecret(totpSecret);
  return {
    identifier,
    ...(oneTimeToken === undefined
      ? { password: await passwordOf(context, settings, flags, identifier) }
      : { oneTimeToken }),
    ...(flags.signUp && { signUp: true }),
    ...(totpSecret !== undefined && { totpSecret }),
    ...(backupCode !== undefined && { backupCode }),
  };
}

async function passwordOf(
  context: CommandContext,
  settings: Settings,
  flags: HeadlessFlags,
  { value }: ExperienceIdentifier,
): Promise<string> {
  const given = await secretOf(context, settings, flags, 'passwordStdin');
  if (given !== undefined) return given;
  const { runtime } = context;
  if (runtime.stdin.isTerminal && flags.input !== false) {
    return readSecret(runtime, flags, '--password-stdin', `Password of ${value}: `);
  }
  throw new LogtoError(
    'config_missing',
    'No password is given for the user (LOGTO_CLI_PASSWORD, --password-stdin).',
    'Set LOGTO_CLI_PASSWORD, or pipe it in: add --password-stdin < password.txt',
  );
}

/** From standard input when that is asked for, else from its variable. */
async function secretOf(
  context: CommandContext,
  settings: Settings,
  flags: HeadlessFlags,
  name: StdinFlag,
): Promise<string | undefined> {
  const variable = stdinFlags[name];
  const flag = secretFlags[variable];
  if (!flags[name]) return variableSecret(context, settings, variable);
  return readSecret(context.runtime, flags, flag, `${flag.slice(2).replace('-stdin', '')}: `);
}

/** Logto keeps phone numbers as digits. */
function identifierValue(type: ExperienceIdentifier['type'], value: string): string {
  return type === 'phone' ? value.replace(/^\+|[\s().-]/g, '') : value;
}

async function checkTotpSecret(secret: string): Promise<void> {
  const { decodeBase32 } = await import('../../headless/totp.js');
  if (decodeBase32(secret) !== null) return;
  throw new LogtoError(
    'config_invalid',
    'The TOTP secret (LOGTO_CLI_TOTP_SECRET, --totp-secret-stdin) is not base32.',
    'Copy the text that stands beside the QR code when the authenticator is set up: letters, and digits from 2 to 7.',
  );
}
