import { isKeyText } from './authentication-settings.js';
import { type SecretVariable, secretFlags } from './secret-kinds.js';
import { secretText } from './secret-text.js';
import { type NamedConnection, providerOf, type Source } from './source.js';

/** What was found of a secret in the variables of this run. */
export interface FoundSecret {
  readonly secret?: string;
  /** Where it was. */
  readonly source?: Source;
  /** Whether blanks around it were left out, beside a line break. */
  readonly hadBlanks?: boolean;
  /** A line for each that was there and may not be used: whose it is, and why. */
  readonly setAside: readonly string[];
}

/** The provider and the application that a run is about, and who says so. */
export interface Target extends NamedConnection {
  /** As in "while --app-id names …". */
  readonly saidBy: { readonly provider: string; readonly appId: string };
}

/**
 * The strongest secret of this kind that may be sent to the provider and application of this run. A secret has a home:
 * what its own source names. A source that names no provider, or no application, lends it to the one that others name.
 *
 * @param sources strongest first
 * @param variable one of our own, or one that somebody named for a secret
 * @throws LogtoError `config_invalid` for a text that can be no secret
 */
export function findSecret(sources: readonly Source[], target: Target, variable: string): FoundSecret {
  const setAside: string[] = [];
  for (const source of sources) {
    const name = source.secretName(variable);
    const given = source.secrets[variable]?.trim();
    if (!given) continue;
    const differences = differencesOf(source, target);
    if (differences.length === 0) {
      const hadBlanks = /^[ \t]|[ \t]$/.test(source.secrets[variable] ?? '');
      return { secret: secretText(given, name), source, hadBlanks, setAside };
    }
    setAside.push(setAsideWords(name, differences, secretFlags[variable as SecretVariable]));
  }
  return { setAside };
}

/**
 * The sources as far as their private keys are for the provider and application of this run: what a key signs for
 * another one is a proof that nobody meant to give. A file that comes with a project holds its key itself: it names the
 * provider as well, and would choose which key of this machine signs for that.
 *
 * @param sources strongest first
 */
export function withOwnKeys(
  sources: readonly Source[],
  target: Target,
): { readonly sources: readonly Source[]; readonly setAside: readonly string[] } {
  const setAside: string[] = [];
  let isFound = false;
  const kept = sources.map((source) => {
    if (source.clientKey === undefined) return source;
    const differences = differencesOf(source, target);
    const isPath = source.isTrustedForOwn === true && !isKeyText(source.clientKey);
    isFound ||= differences.length === 0 && !isPath;
    if (differences.length === 0 && !isPath) return source;
    const name = source.secretName('LOGTO_CLI_CLIENT_KEY');
    const words =
      differences.length > 0 ? setAsideWords(name, differences, undefined) : `${name} ${pathWords}`;
    if (!isFound) setAside.push(words);
    return { ...source, clientKey: undefined };
  });
  return { sources: kept, setAside };
}

const pathWords =
  'is not a key but the path of one, and is not used: a file of a project does not choose which key of this machine signs. ' +
  'Name the file with --client-key, or export the variable.';

/**
 * How the home of a source's secrets differs from where this run would send them, in words; none where it does not.
 *
 * @returns such as "the environment names the application a, while --app-id names b"
 */
export function differencesOf(
  { title, connection }: Pick<Source, 'title' | 'connection'>,
  target: Target,
): string[] {
  const { saidBy } = target;
  const [own, other] = [providerOf(connection), providerOf(target)];
  return [
    ...(connection.appId === undefined || connection.appId === target.appId
      ? []
      : [`${title} names the application ${connection.appId}, while ${saidBy.appId} names ${target.appId}`]),
    ...(own === undefined || own === other
      ? []
      : [
          `${title} names the provider ${inWords(connection)}, while ${saidBy.provider} names ${inWords(target)}`,
        ]),
  ];
}

function setAsideWords(name: string, differences: readonly string[], flag: string | undefined): string {
  const instead = flag === undefined ? '' : ` To send it there all the same, pipe it in with ${flag}.`;
  return `${name} is set, but ${differences.join(', and ')}: it is not used.${instead}`;
}

/** A provider, and where its document is said to be. */
function inWords({ discoveryUrl, ...connection }: NamedConnection): string {
  const name = providerOf(connection);
  const words = name === undefined ? 'without an issuer' : shown(name);
  return discoveryUrl === undefined ? words : `${words} (by the document ${shown(discoveryUrl)})`;
}

/** An address without what may be a password in it. */
function shown(address: string): string {
  return URL.canParse(address) && !address.includes('@') ? address : '(an address that cannot be read)';
}
