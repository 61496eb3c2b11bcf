import { portOf, signedOutUriOf } from '../../local-address.js';
import { parseClientKey } from '../../oidc/client-key.js';
import type { ProbeTarget } from '../../oidc/probe/probe.js';
import { resolveSettings, type Settings } from '../../profile/settings.js';
import { providerOf } from '../../profile/source.js';
import { readClientKey } from '../../session/client-key.js';
import type { CommandContext } from '../../session/command-context.js';
import { configurationOf, tellSetAside } from '../../session/connection.js';
import type { ConnectionFlags } from '../../session/connection-flags.js';
import { applicationSecret } from '../../session/with-secret.js';
import { examinedRequest } from './application-kind.js';
import { askAppSecret } from './ask-app-secret.js';
import { askApplication } from './ask-application.js';
import { askProvider } from './ask-provider.js';
import { awaitRegistration } from './await-registration.js';
import { askYes } from './questions.js';

/** What was answered, and found out of it. */
export interface Guided {
  /** With the answers in the place of what was set. */
  readonly settings: Settings;
  /** A secret that was typed. */
  readonly typedSecret?: string;
  /** How somebody signs in with the application. `machine`: nobody does. */
  readonly way: 'browser' | 'device' | 'machine';
  /** Whether to sign in at once. */
  readonly signsIn: boolean;
}

/**
 * Asks for everything that a first sign-in needs, and checks each answer with the provider before the next question.
 * Nothing is kept by that.
 *
 * @param settings what is set: the defaults
 * @param flags the command line
 * @param redirectUri that of the sign-in
 * @throws LogtoError `usage_invalid` when the input ended; what the provider refuses the sign-in for; `interrupted`
 */
export async function guide(
  context: CommandContext,
  settings: Settings,
  flags: ConnectionFlags,
  redirectUri: string,
): Promise<Guided> {
  const { runtime, output, environments } = context;
  output.note(
    `The first sign-in, step by step, for the profile ${settings.profile}. Enter takes what is in brackets; Ctrl-C ends it, and nothing is kept.`,
  );
  if (settings.recordedSession !== undefined) {
    output.note(`${settings.profile} has a session: it stays until the new sign-in has succeeded.`);
  }
  const fetch = await runtime.fetch(settings);
  const configuration = await configurationOf(context, flags, false);
  const provider = await askProvider(context, settings, { runtime, fetch });
  const { namedBy, metadata, named } = provider;
  const { endpoint: _, issuer: __, discoveryUrl: ___, appId: ____, ...others } = flags;
  const ofInput = flags.appSecretStdin ? settings.appSecret : undefined;
  const answered = (appId: string, secret?: string) =>
    resolveSettings(
      { ...others, ...named, appId, profile: settings.profile },
      environments,
      configuration,
      secret ?? ofInput,
    );
  const targetOf = async (appId: string): Promise<ProbeTarget> => {
    const { clientKey, authMethod } = answered(appId);
    const key = await readClientKey({ clientKey });
    const { now, interruption: signal } = runtime;
    const isByKey = key !== undefined;
    return {
      clientId: appId,
      ...(isByKey && { clientKey: parseClientKey(key) }),
      ...(isByKey && authMethod !== undefined && { authentication: authMethod }),
      ...{ metadata, namedBy, fetch, now, signal },
    };
  };
  const set = providerOf(settings);
  const { appId, found } = await askApplication(context, {
    provider,
    set: set === undefined || set === providerOf(named) ? settings.appId : undefined,
    redirectUri,
    targetOf,
  });
  let typedSecret: string | undefined;
  let isForMachines = false;
  const first = answered(appId);
  for (const remark of first.setAside) if (!settings.setAside.includes(remark)) tellSetAside(output, remark);
  let target = await targetOf(appId);
  const isByKey = target.clientKey !== undefined;
  if (!isByKey && (found.kind === 'confidential' || found.kind === 'unclear')) {
    const application = { ...named, appId };
    const set = await applicationSecret(runtime, first, application, first.sessionStorage);
    const isOptional = found.kind === 'unclear';
    const { authMethod } = first;
    const ofSecret = { ...target, ...(authMethod !== undefined && { authentication: authMethod }) };
    const asked = await askAppSecret(context, { target: ofSecret, redirectUri, set, isOptional });
    typedSecret = asked.typed;
    isForMachines = asked.isForMachines;
    const clientSecret = typedSecret ?? set;
    if (clientSecret !== undefined) target = { ...ofSecret, clientSecret };
  }
  const final = typedSecret === undefined ? first : answered(appId, typedSecret);
  const kept = { settings: final, ...(typedSecret !== undefined && { typedSecret }) };
  if (isForMachines) return { ...kept, way: 'machine', signsIn: false };
  if (found.kind === 'device') {
    return { ...kept, way: 'device', signsIn: await askYes(context, 'Sign in now, by a code?') };
  }
  // Any free port is none that could be registered.
  if (portOf(redirectUri) !== '0') {
    await awaitRegistration(context, {
      request: examinedRequest(provider, redirectUri),
      postLogoutRedirectUri: signedOutUriOf(redirectUri),
      target,
    });
  }
  return { ...kept, way: 'browser', signsIn: await askYes(context, 'Sign in now, in the browser?') };
}
