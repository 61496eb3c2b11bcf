import { LogtoError } from '../errors.js';
import { readNamedTextOrPipe } from '../read-file.js';

type Variables = Readonly<Record<string, string | undefined>>;

/**
 * What the file of `--dotenv` may set beside the settings and secrets that are read from it by name: it belongs to a
 * project, whose files decide neither which programs run, nor where requests go, nor where configuration, sessions and
 * what is known of providers are read. So `PATH`, `NODE_OPTIONS` and whatever else there is has no meaning in it, and
 * reaches no command that is run.
 */
const taken = [
  'LOGTO_ENDPOINT',
  'LOGTO_CLI_ISSUER',
  'LOGTO_CLI_DISCOVERY_URL',
  'LOGTO_APP_ID',
  'LOGTO_CLI_PROFILE',
  'LOGTO_CLI_STORAGE',
  'LOGTO_CLI_AUTH_METHOD',
  'NO_COLOR',
  'FORCE_COLOR',
] as const;

/** What somebody may think is taken from there: it is in the environment that these have a meaning for us. */
const misplaced = /^(?:BROWSER|(?:HTTPS?|NO)_PROXY|LOGTO_CLI_(?:HOME|ALLOW_NON_LOOPBACK))$/i;

/**
 * The variables of a file with lines of `NAME=value`.
 *
 * @throws LogtoError `config_invalid` when it cannot be read
 */
export async function readDotenv(path: string): Promise<Variables> {
  const text = await readNamedTextOrPipe(
    path,
    (why) =>
      new LogtoError(
        'config_invalid',
        `The file of --dotenv cannot be read: ${path} (${why}).`,
        'Give the path of a file with lines of NAME=value.',
      ),
  );
  return process.getBuiltinModule('node:util').parseEnv(text) as Variables;
}

/** The part of a file's variables that joins the environment, weaker than that. */
export function environmentOf(file: Variables): Variables {
  return Object.fromEntries(taken.flatMap((name) => (file[name] === undefined ? [] : [[name, file[name]]])));
}

/** A sentence for each variable of the file that has no effect, though the environment does not set it either. */
export function misplacedIn(file: Variables, environment: Variables): readonly string[] {
  return Object.keys(file)
    .filter((name) => misplaced.test(name) && file[name] !== '' && !environment[name])
    .map(
      (name) =>
        `${name} in the file of --dotenv has no effect: a file of a project decides neither which programs run, nor ` +
        'where requests go, sessions are kept or who reaches this machine. Export it if that is wanted.',
    );
}

/** Other shells' ways to set a variable, in what a line of `NAME=value` has for its name. */
const foreignName = /^(\$env:|set\s+"?)([A-Za-z_]\w{0,200})$/i;

/** A sentence for each line of the file that another shell would understand: nothing is set by it. */
export function foreignLinesIn(file: Variables): readonly string[] {
  return Object.keys(file).flatMap((words) => {
    const [, form = '', name] = foreignName.exec(words.slice(words.lastIndexOf('\n') + 1).trim()) ?? [];
    if (name === undefined) return [];
    const shell = form.startsWith('$') ? 'PowerShell' : "Windows' cmd";
    return [
      `The file of --dotenv sets ${name} as in ${shell} (${form.trim()}…), which has no effect there: write ${name}=value.`,
    ];
  });
}
