import { SecretMask } from '../../secret-forms.js';

/** Lines of what an application printed last that are told, and the signs of each. */
const mostLines = 15;
const longestLine = 300;
/** Lines in which the begin of a failure is looked for, and how it looks: that of Node.js, Python, Java, Go, Ruby. */
const mostLooked = 80;
const failureBegin =
  /^(Uncaught |Caused by: )?[\w.$]*(Error|Exception)\b|^Traceback \(|^panic: |^Exception in /;

/** Variables of these names hold what nobody else is to read. */
const secretNames = /SECRET|TOKEN|PASSW|PASSPHRASE|CREDENTIAL|KEY|AUTH|DSN|DATABASE_URL|CONNECTION/i;
/** What is shorter is no secret, and would be found everywhere. */
const shortestSecret = 6;

/** Variables that every machine has, which say nothing that is secret, and stand in every second line of a program. */
const plainNames =
  /^(PATH|HOME|PWD|OLDPWD|USER|LOGNAME|USERNAME|SHELL|LANG|LANGUAGE|LC_\w+|TERM|TERM_PROGRAM|COLORTERM|TZ|HOSTNAME|HOST|EDITOR|NODE_ENV|INIT_CWD|npm_\w+|XDG_\w+|GITHUB_\w+|RUNNER_\w+|CI_\w+)$/;
/** Values that stand everywhere: places of this machine, hosts, words for how something runs. */
const plainValues = [
  /^\/(home|Users|usr|opt|var|tmp|etc|root|run|srv|mnt|private|bin|lib|dev|github|builds|workspace|app)(\/|$)/,
  /^[A-Za-z]:\\/,
  /^https?:\/\/[\w.-]+(:\d+)?\/?$/,
  /^(localhost|production|development|testing|staging|default|enabled|disabled|always|verbose|warning)$/i,
];

/**
 * Hides whatever of an environment could be a secret: an application is handed it whole, and prints what it likes.
 *
 * @param given further variables, `NAME=text` each
 */
export function environmentMask(
  environment: Readonly<Record<string, string | undefined>>,
  given: readonly string[] = [],
): (text: string) => string {
  const own = given.map((text) => [text.slice(0, text.indexOf('=')), text.slice(text.indexOf('=') + 1)]);
  const secrets = [...Object.entries(environment), ...own].flatMap(([name = '', value = '']) =>
    isPlain(name, value) ? [] : [value],
  );
  const mask = new SecretMask('‹redacted›', secrets);
  return (text) => mask.hide(text);
}

function isPlain(name: string, value: string): boolean {
  if (value.length < shortestSecret) return true;
  if (secretNames.test(name)) return false;
  return plainNames.test(name) || plainValues.some((pattern) => pattern.test(value));
}

/** The end of what a program printed, short enough to be told. */
export function lastLines(output: string): readonly string[] {
  const text = output.trimEnd();
  if (text === '') return [];
  const lines = text.split(/\r\n|[\n\r]/).slice(-mostLooked);
  const failure = lines.findLastIndex((line) => failureBegin.test(line));
  const begin = Math.max(0, lines.length - mostLines);
  // What failed is said first, and where follows.
  const told =
    failure === -1 ? lines.slice(begin) : lines.slice(Math.min(failure, begin)).slice(0, mostLines);
  return told.map((line) => (line.length > longestLine ? `${line.slice(0, longestLine)}…` : line));
}
