import type { Scenario, ScenarioConnection } from '../../check/scenario/scenario-file.js';
import { refuseRemote } from '../../check/with-user/run-checks-with-user.js';
import { placeOf, providerFlags } from '../../client/logto-config.js';
import { LogtoError } from '../../errors.js';
import { isLoopbackHost } from '../../oidc/issuer-url.js';
import { differencesOf } from '../../profile/secret-home.js';
import { type Settings, strongest } from '../../profile/settings.js';
import { type Source, writtenSource } from '../../profile/source.js';
import { shellWord, shellWords } from '../../shell-word.js';
import type { TestFlags } from './test-flags.js';

/** What the file of scenarios says of one connection, as sources: the scenario, then the defaults of the file. */
export interface WrittenConnection {
  readonly scenario: Source;
  readonly defaults: Source;
}

/** The sources that a scenario is. */
export function writtenConnection(scenario: Scenario, defaults: ScenarioConnection): WrittenConnection {
  return {
    scenario: writtenSource('the scenario', scenario),
    defaults: writtenSource('the defaults of the file', defaults),
  };
}

/**
 * Refuses a provider that real users are not to be signed in to. One that is not on this machine needs somebody's leave;
 * one that the file alone names needs it by name, since whoever may change the file chooses who gets the passwords.
 *
 * @throws LogtoError `usage_invalid`, `config_invalid`, naming the place in the file
 */
export function checkProvider(
  scenario: Scenario,
  { scenario: own, defaults }: WrittenConnection,
  settings: Settings,
  { allowRemote = false, allowOrigin = [] }: TestFlags,
): void {
  const set = placeOf(settings);
  if (!allowRemote) refuseRemote(set, 'A file of scenarios signs real users in');
  const { provider } = strongest(settings.sources);
  if (provider !== own && provider !== defaults) return;
  // Where the document is, is where secrets are said to go: whoever names that chooses as much.
  const url = [set.issuer, set.discoveryUrl]
    .flatMap((address) => (address !== undefined && URL.canParse(address) ? [new URL(address)] : []))
    .find(({ hostname, origin }) => !isLoopbackHost(hostname) && !allowOrigin.includes(origin));
  if (url === undefined) return;
  const place = provider === own ? scenario.path : 'defaults';
  const isDocument = set.discoveryUrl !== undefined && new URL(set.discoveryUrl).origin === url.origin;
  const member = settings.endpoint !== undefined ? 'endpoint' : isDocument ? 'discoveryUrl' : 'issuer';
  const flag = shellWords(providerFlags(settings));
  throw new LogtoError(
    'config_invalid',
    `The file of scenarios, at ${place}.${member}, names a provider that is not this machine (${url.origin}), and ` +
      'nobody else names it: whoever may change the file would choose who is sent the passwords.',
    `Name it where the file is run: ${flag} (or its variable); or let the file choose it: --allow-origin ${shellWord(url.origin)}`,
    { path: `${place}.${member}`, origin: url.origin },
  );
}

/** What a scenario says of its provider and application, and is not done, since something stronger says otherwise. */
export function overruled(
  { path, name }: Scenario,
  { scenario }: WrittenConnection,
  settings: Settings,
): string[] {
  const differences = differencesOf({ ...scenario, title: 'it' }, settings);
  if (differences.length === 0) return [];
  return [`${path} (${name}): ${differences.join(', and ')}, which is stronger.`];
}
