import { invalid } from '../../check/scenario/scenario-file.js';
import { LogtoError } from '../../errors.js';
import { findSecret, type Target } from '../../profile/secret-home.js';
import { secretFlags } from '../../profile/secret-kinds.js';
import type { Source } from '../../profile/source.js';
import { shellWord } from '../../shell-word.js';

/** What a member of the file that names a variable is for, by the variable of ours that holds the same. */
const secretMembers = {
  appSecretVariable: 'LOGTO_APP_SECRET',
  passwordVariable: 'LOGTO_CLI_PASSWORD',
  oneTimeTokenVariable: 'LOGTO_CLI_ONE_TIME_TOKEN',
  totpSecretVariable: 'LOGTO_CLI_TOTP_SECRET',
  backupCodeVariable: 'LOGTO_CLI_BACKUP_CODE',
} as const;
export type SecretMember = keyof typeof secretMembers;

/** A place of the file that names a variable. */
interface NamedVariable {
  readonly name: string;
  readonly member: SecretMember;
  /** Such as `scenarios[2].user.passwordVariable`. */
  readonly path: string;
}

/** Reads the variables that a file of scenarios names. */
export interface ScenarioVariables {
  /**
   * What the variable holds, which may be sent to this provider and application.
   *
   * @throws LogtoError `config_invalid` for one that the file may not read, and for what can be no secret;
   * `config_missing` for one that is not set, or belongs elsewhere
   */
  read(variable: NamedVariable, target: Target): string;
}

/** How variables begin that a file may name without anybody's leave. */
const prefix = 'LOGTO_CLI_';

/**
 * The variables that a file of scenarios may read. Whoever writes the file may be a stranger with a pull request, and
 * the environment of a job holds more than the secrets of its users: what a file names is sent to a provider.
 *
 * @param sources the environment and, weaker, the file of `--dotenv`
 * @param allowed the names that the command line allows beside
 * @param onSecret told of each secret that was read
 */
export function scenarioVariables(
  sources: readonly Source[],
  allowed: readonly string[],
  onSecret: (secret: string) => void,
): ScenarioVariables {
  return {
    read(variable, target) {
      checkMayRead(variable, allowed);
      const { name, path } = variable;
      const { secret, setAside } = findSecret(sources, target, name);
      if (secret === undefined) throw missing(name, path, setAside);
      onSecret(secret);
      return secret;
    },
  };
}

function checkMayRead({ name, member, path }: NamedVariable, allowed: readonly string[]): void {
  const kinds: readonly string[] = [...Object.keys(secretFlags), 'LOGTO_CLI_CLIENT_KEY'];
  const own = secretMembers[member];
  if (kinds.includes(name) && name !== own) {
    throw invalid(
      path,
      `names ${name}, which holds something else and is sent nowhere for it`,
      `Name ${own}, or a variable of your own such as ${prefix}ALICE_${own.replace(/^LOGTO_(CLI_)?/, '')}.`,
      { variable: name },
    );
  }
  if (name.startsWith(prefix) || allowed.includes(name)) return;
  throw invalid(
    path,
    `names the variable ${name}, which a file may not read: only those that begin with ${prefix}, and those that are allowed`,
    name === own
      ? `Leave it out: ${name} is used without being named. Or allow it: --allow-variable ${shellWord(name)}`
      : `Call it ${prefix}${name}; or, if its value may be sent to the provider, allow it: --allow-variable ${shellWord(name)}`,
    { variable: name },
  );
}

function missing(name: string, path: string, setAside: readonly string[]): LogtoError {
  const [reason] = setAside;
  return new LogtoError(
    'config_missing',
    reason === undefined
      ? `The variable ${name} is not set, which the file of scenarios names at ${path}.`
      : `${path} of the file of scenarios: ${reason}`,
    reason === undefined
      ? `Set ${name} in the environment, or in a file that --dotenv names.`
      : `Set it beside the provider and application that it is for, or set another variable for this one and name that.`,
    { path, variable: name },
  );
}
