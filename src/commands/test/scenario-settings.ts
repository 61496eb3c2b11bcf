import type { ReadyScenario } from '../../check/scenario/run-scenarios.js';
import {
  invalid,
  type Scenario,
  type ScenarioConnection,
  type ScenarioFile,
} from '../../check/scenario/scenario-file.js';
import { issuerOf } from '../../client/logto-config.js';
import { LogtoError } from '../../errors.js';
import { credentialOrigins } from '../../headless/credential-origins.js';
import type { ExperienceUser } from '../../headless/experience-user.js';
import { decodeBase32 } from '../../headless/totp.js';
import { TotpTurns, waitingForCode } from '../../headless/totp-turns.js';
import { callbackUri } from '../../local-address.js';
import type { Fetch } from '../../network/fetch.js';
import { differencesOf, type FoundSecret } from '../../profile/secret-home.js';
import { type Settings, settingsFrom } from '../../profile/settings.js';
import { flagSource, type Source, variableSource } from '../../profile/source.js';
import { SecretMask } from '../../secret-forms.js';
import type { CommandContext } from '../../session/command-context.js';
import { configurationOf, knowQuotes, readSecret, tellSetAside } from '../../session/connection.js';
import { requireApplication } from '../../session/required-application.js';
import { withSecret } from '../../session/with-secret.js';
import { shellWord } from '../../shell-word.js';
import { sessionFacts } from '../report/told-assertions.js';
import { givenRedirectUri } from '../request-options.js';
import { checkProvider, overruled, type WrittenConnection, writtenConnection } from './scenario-provider.js';
import { type ScenarioVariables, type SecretMember, scenarioVariables } from './scenario-variables.js';
import type { TestFlags } from './test-flags.js';

/**
 * Finds for each scenario its provider, its application and its secrets, so that whatever is missing is known before
 * anybody signs in. Flags are strongest, then variables; what a scenario says, the defaults of its file, the profile.
 *
 * @throws LogtoError `config_missing`, `config_invalid`, `profile_unknown`, `usage_invalid`, naming the place in the
 * file; storage codes
 */
export async function prepareScenarios(
  context: CommandContext,
  flags: TestFlags,
  { defaults, scenarios }: ScenarioFile,
): Promise<readonly ReadyScenario[]> {
  const { runtime, output } = context;
  const stronger = await strongerSources(context, flags);
  const configuration = await configurationOf(context, flags, true);
  // What is wrong with them is nothing of the file's.
  settingsFrom([stronger.command, ...stronger.variables], configuration);
  const secrets = new SecretMask('‹redacted›');
  const mask = (text: string) => secrets.hide(text);
  const variables = scenarioVariables(stronger.variables, flags.allowVariable ?? [], (secret) =>
    secrets.add(secret),
  );
  const ways = new Map<string | undefined, Fetch>();
  const totpTurns = new TotpTurns({
    now: runtime.now,
    sleep: runtime.sleep,
    onWait: (seconds) => output.note(waitingForCode(seconds)),
  });
  const ready: ReadyScenario[] = [];
  const told = new Set<string>();
  const setAside = new Set<string>();
  for (const scenario of scenarios) {
    try {
      const written = writtenConnection(scenario, defaults);
      const settings = settingsFrom(
        [stronger.command, ...stronger.variables, written.scenario, written.defaults],
        configuration,
      );
      const configured = requireApplication(settings);
      checkProvider(scenario, written, settings, flags);
      const user = userOf(scenario, settings, variables);
      const own = ownSecret(scenario, defaults, written, settings, variables);
      const application = await withSecret(
        runtime,
        { ...settings, ...(own.secret !== undefined && { appSecret: own.secret }) },
        configured,
        settings.recordedSession,
        (line) => setAside.add(line),
      );
      const remarks = own.secret === undefined ? settings.setAside : [];
      for (const line of settings.corrections) told.add(line);
      for (const line of [...remarks, ...own.setAside]) setAside.add(line);
      knowQuotes(output, application);
      for (const line of overruled(scenario, written, settings)) told.add(line);
      if (application.appSecret !== undefined) secrets.add(application.appSecret);
      const { caFile } = settings;
      const fetch = ways.get(caFile) ?? (await runtime.fetch(settings));
      ways.set(caFile, fetch);
      const { organization } = { ...defaults, ...scenario };
      ready.push({
        id: scenario.id,
        name: scenario.name,
        application,
        user,
        origins: credentialOrigins(issuerOf(application), flags.allowOrigin),
        redirectUri: redirectUriOf(scenario, flags, defaults),
        scopes: scenario.scopes ?? defaults.scopes ?? [],
        resources: scenario.resources ?? defaults.resources ?? [],
        ...(organization !== undefined && { organization }),
        expectations: scenario.expectations,
        ...(scenario.expectError !== undefined && {
          expectError: scenario.expectError,
        }),
        mask,
        factsOf: sessionFacts,
        fetch,
        now: runtime.now,
        observe: runtime.observe,
        totpTurns,
      });
    } catch (error) {
      if (!(error instanceof LogtoError) || error.details?.['path'] !== undefined) throw error;
      const { code, message, hint, details } = error;
      throw new LogtoError(code, `${scenario.path} (${scenario.name}): ${message}`, hint, details);
    }
  }
  for (const line of setAside) tellSetAside(output, line);
  for (const line of told) output.warn(line);
  return ready;
}

/** What is stronger than the file: the command line with its secret, the environment, the file of `--dotenv`. */
async function strongerSources(
  { runtime, environments }: CommandContext,
  flags: TestFlags,
): Promise<{ readonly command: Source; readonly variables: readonly Source[] }> {
  const secret = flags.appSecretStdin
    ? await readSecret(runtime, flags, '--app-secret-stdin', 'Application secret: ')
    : undefined;
  return {
    command: flagSource(flags, { LOGTO_APP_SECRET: secret }),
    variables: environments.map((variables, index) =>
      variableSource(variables, index > 0 ? 'dotenv' : 'environment'),
    ),
  };
}

/**
 * The secret that the file names by its variable. It is for the application that the file names beside it, and stronger
 * there than one that a variable lends to whatever application there is.
 */
function ownSecret(
  scenario: Scenario,
  defaults: ScenarioConnection,
  written: WrittenConnection,
  settings: Settings,
  variables: ScenarioVariables,
): FoundSecret {
  const setAside: string[] = [];
  for (const [place, connection, source] of [
    [scenario.path, scenario, written.scenario],
    ['defaults', defaults, written.defaults],
  ] as const) {
    const name = connection.appSecretVariable;
    if (name === undefined) continue;
    const path = `${place}.appSecretVariable`;
    const differences = differencesOf(source, settings);
    if (differences.length === 0) {
      return { secret: variables.read({ name, member: 'appSecretVariable', path }, settings), setAside };
    }
    setAside.push(`${path} names ${name}, but ${differences.join(', and ')}: it is not used.`);
  }
  return { setAside };
}

function userOf(
  { user, signUp, path }: Scenario,
  settings: Settings,
  variables: ScenarioVariables,
): ExperienceUser {
  const secret = (member: Exclude<SecretMember, 'appSecretVariable'>) => {
    const name = user[member];
    return name === undefined
      ? undefined
      : variables.read({ name, member, path: `${path}.user.${member}` }, settings);
  };
  const type =
    (['username', 'email', 'phone'] as const).find((name) => user[name] !== undefined) ?? 'username';
  const value = user[type] ?? '';
  const password = secret('passwordVariable');
  const oneTimeToken = secret('oneTimeTokenVariable');
  const totpSecret = secret('totpSecretVariable');
  const backupCode = secret('backupCodeVariable');
  if (totpSecret !== undefined && decodeBase32(totpSecret) === null) {
    throw invalid(
      `${path}.user.totpSecretVariable`,
      'names a variable that does not hold base32',
      'Copy the text that stands beside the QR code when the authenticator is set up: letters, and digits from 2 to 7.',
    );
  }
  return {
    identifier: {
      type,
      value: signUp ? value.replaceAll('{random}', crypto.randomUUID().slice(0, 8)) : value,
    },
    ...(signUp && { signUp }),
    ...(password !== undefined && { password }),
    ...(oneTimeToken !== undefined && { oneTimeToken }),
    ...(totpSecret !== undefined && { totpSecret }),
    ...(backupCode !== undefined && { backupCode }),
  };
}

function redirectUriOf(
  { redirectUri, path }: Scenario,
  flags: TestFlags,
  defaults: ScenarioConnection,
): string {
  const ofFlags = givenRedirectUri(flags);
  const uri = ofFlags ?? redirectUri ?? defaults.redirectUri ?? callbackUri();
  if (URL.canParse(uri)) return uri;
  const place = redirectUri !== undefined ? path : 'defaults';
  if (ofFlags === undefined) throw invalid(`${place}.redirectUri`, 'is no absolute URI');
  throw new LogtoError(
    'config_invalid',
    'The redirect URI (--redirect-uri) is not an absolute URL.',
    `Give one that is registered, such as --redirect-uri ${shellWord(callbackUri())}`,
  );
}
