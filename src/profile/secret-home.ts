import { type SecretVariable, secretFlags } from './secret-kinds.js';
import { secretText } from './secret-text.js';
import { type NamedConnection, providerOf, type Source } from './source.js';

/** What was found of a secret in the variables of this run. */
export interface FoundSecret {
  readonly secret?: string;
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
 * @throws LogtoError `config_invalid` for a text that can be no secret
 */
export function findSecret(
  sources: readonly Source[],
  target: Target,
  variable: SecretVariable,
): FoundSecret {
  const setAside: string[] = [];
  for (const source of sources) {
    const name = source.secretName(variable);
    const given = source.secrets[variable]?.trim();
    if (!given) continue;
    const differences = differencesOf(source, target);
    if (differences.length === 0) {
      const hadBlanks = /^[ \t]|[ \t]$/.test(source.secrets[variable] ?? '');
      return { secret: secretText(given, name), hadBlanks, setAside };
    }
    setAside.push(
      `${name} is set, but ${differences.join(', and ')}: it is not used. ` +
        `To send it there all the same, pipe it in with ${secretFlags[variable]}.`,
    );
  }
  return { setAside };
}

/** How the home of a source's secrets differs from where this run would send them, in words. */
function differencesOf({ title, connection }: Source, target: Target): string[] {
  const { saidBy } = target;
  const [own, other] = [providerOf(connection), providerOf(target)];
  return [
    ...(connection.appId === undefined || connection.appId === target.appId
      ? []
      : [`${title} names the application ${connection.appId}, while ${saidBy.appId} names ${target.appId}`]),
    ...(own === undefined || own === other
      ? []
      : [`${title} names the provider ${shown(own)}, while ${saidBy.provider} names ${shown(other ?? '')}`]),
  ];
}

/** An address without what may be a password in it. */
function shown(address: string): string {
  return URL.canParse(address) && !address.includes('@') ? address : '(an address that cannot be read)';
}
