import type { ReadyScenario } from '../../check/scenario/run-scenarios.js';
import {
  invalid,
  type Scenario,
  type ScenarioConnection,
  type ScenarioFile,
} from '../../check/scenario/scenario-file.js';
import { issuerOf } from '../../client/logto-config.js';
import { LogtoError } from '../../errors.js';
import type { ExperienceUser } from '../../headless/experience-user.js';
import { decodeBase32 } from '../../headless/totp.js';
import { TotpTurns, waitingForCode } from '../../headless/totp-turns.js';
import { callbackUri } from '../../local-address.js';
import type { Fetch } from '../../network/fetch.js';
import { secretText } from '../../profile/secret-text.js';
import { resolveSettings, type Settings, settingsFrom } from '../../profile/settings.js';
import { flagSource, type Source, variableSource, writtenSource } from '../../profile/source.js';
import { SecretMask } from '../../secret-forms.js';
import { configurationOf, readSecret, requireApplication } from '../../session/connection.js';
import { withSecret } from '../../session/session-client.js';
import { shellWord } from '../../shell-word.js';
import type { CommandContext } from '../command.js';
import { sessionFacts } from '../report/told-assertions.js';
import { givenRedirectUri } from '../request-options.js';
import type { TestFlags } from './test-flags.js';

/** The value of a variable that the file names at this place. */
type ReadVariable = (name: string, path: string) => string;

/**
 * Finds for each scenario its provider, its application and its secrets, so that whatever is missing is known before
 * anybody signs in. What a scenario says is strongest; then flags, environment, the file's defaults, the profile.
 *
 * @throws LogtoError `config_missing`, `config_invalid`, `profile_unknown`, naming the place in the file; storage codes
 */
export async function prepareScenarios(
  context: CommandContext,
  flags: TestFlags,
  { defaults, scenarios }: ScenarioFile,
): Promise<readonly ReadyScenario[]> {
  const { runtime, environments, output } = context;
  const settingsFor = await settingsBehind(context, flags);
  const secrets = new SecretMask('‹redacted›');
  const mask = (text: string) => secrets.hide(text);
  const read: ReadVariable = (name, path) => {
    const value = secretText(environments.map((variables) => variables[name]).find(Boolean) ?? '', name);
    if (value === '') throw missing(name, path);
    secrets.add(value);
    return value;
  };
  const defaultSecret = secretOf(defaults, 'defaults', read);
  const ways = new Map<string | undefined, Fetch>();
  const totpTurns = new TotpTurns({
    now: runtime.now,
    sleep: runtime.sleep,
    onWait: (seconds) => output.note(waitingForCode(seconds)),
  });
  const ready: ReadyScenario[] = [];
  const told = new Set<string>();
  for (const scenario of scenarios) {
    const user = userOf(scenario, read);
    const secret = secretOf(scenario, scenario.path, read);
    try {
      const settings = settingsFor(scenario, secret, defaults, defaultSecret);
      const application = await withSecret(
        runtime,
        settings,
        requireApplication(settings),
        settings.recordedSession,
        (line) => told.add(line),
      );
      for (const line of [...settings.corrections, ...settings.setAside]) told.add(line);
      issuerOf(application);
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
  for (const line of told) output.warn(line);
  return ready;
}

type SettingsFor = (
  scenario: Scenario,
  secret: string | undefined,
  defaults: ScenarioConnection,
  defaultSecret: string | undefined,
) => Settings;

/** Flags and environment stand between what a scenario says and the defaults of its file. */
async function settingsBehind(context: CommandContext, flags: TestFlags): Promise<SettingsFor> {
  const { runtime, environments } = context;
  const configuration = await configurationOf(context, flags, true);
  const secret = flags.appSecretStdin
    ? await readSecret(runtime, flags, '--app-secret-stdin', 'Application secret: ')
    : undefined;
  // What is wrong with them is nothing of the file's.
  resolveSettings(flags, environments, configuration, secret);
  const { profile, caFile, storage, ...connection } = flags;
  const [environment = {}, ...weaker] = environments;
  const between = [
    flagSource({ ...connection, ...(profile !== undefined && { profile }) }, { LOGTO_APP_SECRET: secret }),
    variableSource(environment, 'environment'),
    ...weaker.map((variables) => variableSource(variables, 'dotenv')),
  ];
  return (scenario, ownSecret, defaults, defaultSecret) =>
    settingsFrom(
      [
        // Where to keep and whom to trust is nothing that a file says.
        { ...fileSource('the scenario', scenario, ownSecret), storage, caFile },
        ...between,
        fileSource('the defaults of the file', defaults, defaultSecret),
      ],
      configuration,
    );
}

function fileSource(title: string, connection: ScenarioConnection, secret: string | undefined): Source {
  const names = { endpoint: 'endpoint', issuer: 'issuer', appId: 'appId', storage: 'storage' };
  return writtenSource(title, names, connection, { LOGTO_APP_SECRET: secret });
}

function userOf({ user, signUp, path }: Scenario, read: ReadVariable): ExperienceUser {
  const secret = (name: keyof Scenario['user'] & `${string}Variable`) => {
    const variable = user[name];
    return variable === undefined ? undefined : read(variable, `${path}.user.${name}`);
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

function secretOf(
  { appSecretVariable }: ScenarioConnection,
  path: string,
  read: ReadVariable,
): string | undefined {
  return appSecretVariable === undefined ? undefined : read(appSecretVariable, `${path}.appSecretVariable`);
}

function redirectUriOf(
  { redirectUri, path }: Scenario,
  flags: TestFlags,
  defaults: ScenarioConnection,
): string {
  const ofFlags = givenRedirectUri(flags);
  const uri = redirectUri ?? ofFlags ?? defaults.redirectUri ?? callbackUri();
  if (URL.canParse(uri)) return uri;
  const place = redirectUri !== undefined ? path : 'defaults';
  if (ofFlags === undefined || redirectUri !== undefined)
    throw invalid(`${place}.redirectUri`, 'is no absolute URI');
  throw new LogtoError(
    'config_invalid',
    'The redirect URI (--redirect-uri) is not an absolute URL.',
    `Give one that is registered, such as --redirect-uri ${shellWord(callbackUri())}`,
  );
}

function missing(name: string, path: string): LogtoError {
  return new LogtoError(
    'config_missing',
    `The variable ${name} is not set, which the file of scenarios names at ${path}.`,
    `Set ${name} in the environment, or in a file that --dotenv names.`,
    { path, variable: name },
  );
}
