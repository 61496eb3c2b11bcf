import { type LogtoConfig, placeOf } from '../client/logto-config.js';
import type { Session } from '../client/session.js';
import { inWords } from '../oidc/issuer-url.js';
import { findAppSecret, type SecretOwner } from '../profile/app-secret.js';
import type { Settings } from '../profile/settings.js';
import type { Runtime } from '../runtime.js';
import type { StorageKind } from '../storage/storage.js';
import { readClientKey } from './client-key.js';

/**
 * The application with its secret and its key.
 *
 * @param tell is told of a secret that the profile keeps for another application
 * @throws LogtoError the storage's own codes; `config_invalid` for a key that cannot be read
 */
export async function withSecret(
  runtime: Runtime,
  settings: Settings,
  application: LogtoConfig,
  sessionStorage?: StorageKind,
  tell?: (line: string) => void,
): Promise<LogtoConfig> {
  const appSecret = await applicationSecret(runtime, settings, application, sessionStorage, tell);
  const clientKey = await applicationKey(settings, application);
  return {
    ...application,
    ...(appSecret !== undefined && { appSecret }),
    ...(clientKey !== undefined && { clientKey, ...(await clientKeyFile(settings)) }),
  };
}

/** The key given now, or that the sign-in had; `undefined` for none. */
export function applicationKey(
  { clientKey }: Settings,
  { clientKeyFile }: Pick<Session, 'clientKeyFile'>,
): Promise<string | undefined> {
  if (clientKey !== undefined || clientKeyFile === undefined) return readClientKey({ clientKey });
  return readClientKey({ clientKey: { value: clientKeyFile, mayBeText: false } });
}

/** Where the key is, from whatever directory a later command runs in; nowhere, where a variable holds it. */
async function clientKeyFile({ clientKey }: Settings): Promise<Pick<LogtoConfig, 'clientKeyFile'>> {
  if (clientKey === undefined || clientKey.mayBeText) return {};
  const { resolve } = await import('node:path');
  return { clientKeyFile: resolve(clientKey.value) };
}

/** The secret given now, or kept for exactly this application where the session is or where `profile set` put it. */
export async function applicationSecret(
  runtime: Runtime,
  settings: Settings,
  application: LogtoConfig,
  sessionStorage?: StorageKind,
  tell: (line: string) => void = () => {},
): Promise<string | undefined> {
  if (settings.appSecret !== undefined) return settings.appSecret;
  if (settings.authMethod === 'none') return undefined;
  const places = new Set([sessionStorage, settings.secretStorage].filter((kind) => kind !== undefined));
  const owner = { ...placeOf(application), appId: application.appId };
  for (const kind of places) {
    const others: SecretOwner[] = [];
    const place = await runtime.storage(kind, settings.profile);
    const secret = await findAppSecret(place, owner, (other) => others.push(other));
    if (secret !== null) return secret;
    for (const other of others) tell(setAsideWords(settings, owner, other));
  }
  return undefined;
}

function setAsideWords({ profile, saidBy }: Settings, owner: SecretOwner, other: SecretOwner): string {
  const differs = (own: string, others: string, what: string, speaker: string) =>
    own === others ? [] : [`it is for the ${what} ${others}, while ${speaker} names ${own}`];
  const reasons = [
    ...differs(owner.appId, other.appId, 'application', saidBy.appId),
    ...differs(inWords(owner), inWords(other), 'provider', saidBy.provider),
  ];
  return `The profile ${profile} keeps a secret, but ${reasons.join(', and ')}: it is not used.`;
}
