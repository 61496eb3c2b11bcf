import { isKeyText } from './authentication-settings.js';
import { findSecret } from './secret-home.js';
import { type SecretVariable, secretFlags } from './secret-kinds.js';
import { type Settings, strongest } from './settings.js';
import type { Source, SourceKind, Variables } from './source.js';

/** One setting of a run: its value, who said so, and who else did. */
export interface ListedSetting {
  readonly name: string;
  /** `null` for one that nobody set and that has no default, and for everything secret. */
  readonly value: string | null;
  readonly source: SourceKind | 'default';
  readonly isSecret: boolean;
  readonly isSet: boolean;
  /** Weaker sources that say something else, strongest first. */
  readonly overridden: readonly Said[];
}

/** What a source says of a setting; a value of `null` is a secret. */
interface Said {
  readonly source: SourceKind;
  readonly value: string | null;
}

/**
 * Every setting of a run, with the source that wins and those that it overrides. Nothing secret is in it: of a secret
 * only that it is set, and of an address neither user name nor password.
 *
 * @param environment of this process, for what only that can say
 */
export function listSettings(settings: Settings, environment: Variables): readonly ListedSetting[] {
  const { sources } = settings;
  const said = (value: (source: Source) => string | undefined) =>
    sources.flatMap((source): Said[] => {
      const text = value(source);
      return source.kind === undefined || text === undefined ? [] : [{ source: source.kind, value: text }];
    });
  const only = (name: string) => environment[name]?.trim() || undefined;
  const ofEnvironment = (name: string, value: string | undefined) =>
    setting(name, value === undefined ? [] : [{ source: 'environment', value }]);
  return [
    setting(
      'profile',
      said((source) => source.profile),
      settings.profile,
    ),
    ...providerSettings(settings),
    setting('appId', said(({ connection }) => connection.appId).map(hidden)),
    secretSetting('appSecret', settings, 'LOGTO_APP_SECRET'),
    setting(
      'authMethod',
      said((source) => source.authMethod),
    ),
    keySetting(settings),
    setting(
      'storage',
      said((source) => source.storage),
      settings.storage,
    ),
    setting('caFile', [
      ...said((source) => (source.caFile === settings.caFile ? source.caFile : undefined)),
      // Node itself has read that one, and trusts it beside any other.
      ...(only('NODE_EXTRA_CA_CERTS') === undefined
        ? []
        : [{ source: 'environment' as const, value: only('NODE_EXTRA_CA_CERTS') ?? '' }]),
    ]),
    ...otherSecrets.map(([name, variable]) => secretSetting(name, settings, variable)),
    ofEnvironment('home', only('LOGTO_CLI_HOME')),
    ofEnvironment('allowNonLoopback', only('LOGTO_CLI_ALLOW_NON_LOOPBACK')),
    ofEnvironment('browser', only('BROWSER')),
    ofEnvironment('httpsProxy', withoutPassword(only('https_proxy') ?? only('HTTPS_PROXY'))),
    ofEnvironment('httpProxy', withoutPassword(only('http_proxy') ?? only('HTTP_PROXY'))),
    ofEnvironment('noProxy', only('no_proxy') ?? only('NO_PROXY')),
  ];
}

const otherSecrets = (Object.keys(secretFlags) as SecretVariable[])
  .filter((variable) => variable !== 'LOGTO_APP_SECRET')
  .map((variable) => [camelCased(variable.replace(/^LOGTO_(?:CLI_)?/, '')), variable] as const);

/** Strongest first; the first of them wins. */
function setting(name: string, said: readonly Said[], otherwise?: string): ListedSetting {
  const [winner, ...weaker] = said;
  return {
    name,
    value: winner?.value ?? otherwise ?? null,
    source: winner?.source ?? 'default',
    isSecret: false,
    isSet: winner !== undefined,
    overridden: weaker.filter(({ value }) => value !== winner?.value),
  };
}

/** Endpoint, issuer and the place of its document are one setting: who has any overrides all of every weaker source. */
function providerSettings({ sources }: Settings): readonly ListedSetting[] {
  const winner = strongest(sources).provider;
  return (['endpoint', 'issuer', 'discoveryUrl'] as const).map((name) => {
    const said = sources.flatMap(({ kind, connection }): Said[] => {
      const value = connection[name];
      return kind === undefined || value === undefined ? [] : [hidden({ source: kind, value })];
    });
    const isWon = winner?.connection[name] !== undefined;
    return isWon ? setting(name, said) : { ...setting(name, []), overridden: said };
  });
}

/** A path; or, from a variable, the key itself, which is secret. */
function keySetting({ sources, clientKey }: Settings): ListedSetting {
  const said = sources.flatMap(({ kind, clientKey: value }): Said[] =>
    kind === undefined || value === undefined
      ? []
      : [{ source: kind, value: isKeyText(value) ? null : value }],
  );
  // What belongs to another application is told beside, and is no setting of this one.
  const own = said.findIndex(({ value }) => value === null || value === clientKey?.value);
  const listed = setting('clientKey', clientKey === undefined || own === -1 ? [] : said.slice(own));
  return { ...listed, isSecret: listed.isSet && listed.value === null };
}

function secretSetting(name: string, settings: Settings, variable: SecretVariable): ListedSetting {
  const { sources, secretStorage } = settings;
  const holder = findSecret(sources, settings, variable).source;
  const ofProfile = variable === 'LOGTO_APP_SECRET' && secretStorage !== undefined;
  const said: Said[] = [
    ...(holder?.kind === undefined ? [] : [{ source: holder.kind, value: null }]),
    ...(ofProfile ? [{ source: 'profile' as const, value: null }] : []),
  ];
  return { ...setting(name, said), isSecret: true, overridden: said.slice(1) };
}

/** An address is shown without a user name and a password in it. */
function hidden(said: Said): Said {
  return { ...said, value: withoutPassword(said.value ?? undefined) ?? null };
}

function withoutPassword(address: string | undefined): string | undefined {
  if (address === undefined || !address.includes('@')) return address;
  return '(an address with a user name or password in it)';
}

function camelCased(name: string): string {
  return name.toLowerCase().replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
