import { namedProvider, placeOf } from '../../client/logto-config.js';
import { LogtoError } from '../../errors.js';
import { discover } from '../../oidc/discovery.js';
import type { Settings } from '../../profile/settings.js';
import type { CommandContext } from '../../session/command-context.js';
import { requireApplication } from '../../session/required-application.js';
import { withSecret } from '../../session/with-secret.js';
import { namedBy } from '../../wording.js';
import { examinedRequest, kindOf } from './application-kind.js';
import { nobodyToAsk } from './nobody-to-ask.js';

/**
 * Where nobody can be asked, has the provider say whether the application needs a secret that is not there. What nobody
 * can tell is for the sign-in to find out.
 *
 * @throws LogtoError `config_missing` where it needs one; the codes of discovery; storage codes; `interrupted`
 */
export async function requireSecret(
  { runtime }: CommandContext,
  settings: Settings,
  redirectUri: string,
): Promise<void> {
  const application = requireApplication(settings);
  const { appId } = application;
  const { appSecret, clientKey } = await withSecret(runtime, settings, application, settings.recordedSession);
  if ((appSecret ?? clientKey) !== undefined || settings.authMethod === 'none') return;
  const { now, observe, interruption: signal } = runtime;
  const fetch = await runtime.fetch(settings);
  const place = placeOf(application);
  const provider = { namedBy: namedBy(application), fetch, now };
  const { metadata } = await discover({ ...place, ...provider, clientId: appId, observe }, { signal });
  const target = { ...provider, clientId: appId, metadata, signal };
  const named = namedProvider(application);
  const { namedBy: by } = provider;
  const found = await kindOf(target, examinedRequest({ named, namedBy: by, metadata }, redirectUri));
  if (found.kind !== 'confidential') return;
  throw new LogtoError(
    'config_missing',
    nobodyToAsk([
      `the secret of ${appId}, a confidential application (--app-secret-stdin, LOGTO_APP_SECRET)`,
    ]),
    'Set LOGTO_APP_SECRET, or pipe the secret in: logto-cli init --app-secret-stdin < secret.txt',
  );
}
