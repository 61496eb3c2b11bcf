import { existsSync } from 'node:fs';
import { fields } from '../../output/fields.js';
import { configurationPath, readConfiguration } from '../../profile/config-file.js';
import { type ListedSetting, listSettings } from '../../profile/list-settings.js';
import { resolveSettings } from '../../profile/settings.js';
import type { CommandContext } from '../../session/command-context.js';
import { tellSettings } from '../../session/connection.js';
import type { ConnectionFlags } from '../../session/connection-flags.js';

/** `config show`. */
export async function showConfig(context: CommandContext, flags: ConnectionFlags): Promise<undefined> {
  const { runtime, output, environments } = context;
  const configuration = await readConfiguration(runtime.directories.config);
  // That a secret will come on standard input is known without reading it.
  const coming = flags.appSecretStdin ? 'coming' : undefined;
  const settings = resolveSettings(flags, environments, configuration, coming);
  tellSettings(output, settings);
  const listed = listSettings(settings, runtime.environment);
  output.result({ settings: listed.map(({ overridden: _, ...setting }) => setting) }, [
    ...fields(listed.filter(isTold).flatMap(rowsOf)),
    ...(settings.profileKnown ? [] : ['', `There is no profile ${settings.profile} yet.`]),
  ]);
  return undefined;
}

/** `config path`. */
export async function showPath({ runtime, output }: CommandContext): Promise<undefined> {
  const { config, sessions, locks, cache } = runtime.directories;
  const path = configurationPath(config);
  output.result(
    { path, exists: existsSync(path), directories: { config, sessions, locks, cache } },
    { value: path },
  );
  return undefined;
}

/** What nobody set and has no default is left out for a person, but for what a sign-in needs. */
function isTold({ name, isSet, value, overridden }: ListedSetting): boolean {
  return isSet || value !== null || overridden.length > 0 || ['endpoint', 'appId'].includes(name);
}

function rowsOf({ name, value, isSecret, isSet, source, overridden }: ListedSetting): [string, string][] {
  const shown = isSecret ? 'set' : value;
  return [
    [name, isSet || value !== null ? `${shown}  (${words[source]})` : 'not set'],
    ...overridden.map((weaker): [string, string] => [
      '',
      `not used: ${weaker.value ?? 'another one'}  (${words[weaker.source]})`,
    ]),
  ];
}

const words = {
  flag: 'flag',
  environment: 'environment',
  dotenv: 'file of --dotenv',
  profile: 'profile',
  default: 'default',
} as const;
