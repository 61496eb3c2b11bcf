import { controlIn } from '../control-character.js';
import { LogtoError } from '../errors.js';
import { shellWord } from '../shell-word.js';
import { type StorageKind, storageKinds } from '../storage/storage.js';
import type { Profile } from './config-file.js';
import type { Source } from './source.js';

/** What sets each setting of a profile. */
const profileFlags = {
  endpoint: '--endpoint <url>',
  issuer: '--issuer <url>',
  discoveryUrl: '--discovery-url <url>',
  appId: '--app-id <App ID>',
  caFile: '--ca-file <pem>',
  authMethod: '--auth-method <method>',
  clientKey: '--client-key <file>',
} as const;

/**
 * Refuses what is empty in a profile, where only a hand can have written it, and no source tells.
 *
 * @throws LogtoError `config_invalid`
 */
export function checkWritten(profile: string, stored: Profile | undefined): void {
  for (const name of ['caFile', 'authMethod', 'clientKey'] as const) {
    if (stored?.[name]?.trim() !== '') continue;
    throw new LogtoError(
      'config_invalid',
      `${name} of the profile ${profile} is empty.`,
      mendedBy(profile, name),
    );
  }
}

function mendedBy(profile: string, name: keyof typeof profileFlags): string {
  return [`Set it with: logto-cli profile set ${shellWord(profile)}`, profileFlags[name]].join(' ');
}

/**
 * Refuses what is wrong with one source, whatever the others say.
 *
 * @param profile the one that is used
 * @throws LogtoError `config_invalid`
 */
export function checkSource({ kind, connection, storage, names, speaker }: Source, profile: string): void {
  for (const name of ['endpoint', 'issuer', 'discoveryUrl', 'appId'] as const) {
    const isEmpty = connection[name] === '';
    const problem = isEmpty ? 'is empty, or quotes alone' : controlIn(connection[name] ?? '');
    if (problem === null) continue;
    const advice = isEmpty
      ? 'Give it a value, or leave it out.'
      : 'Copy it again from where it was shown, and nothing beside it; or type it.';
    throw new LogtoError(
      'config_invalid',
      `${speaker === undefined ? names[name] : `${names[name]} of ${speaker}`} ${problem}.`,
      kind === 'profile' ? `${advice} ${mendedBy(profile, name)}` : advice,
    );
  }
  if (connection.endpoint !== undefined && connection.issuer !== undefined) {
    throw new LogtoError(
      'config_invalid',
      `${names.endpoint} and ${names.issuer} are both set, and they are one setting.`,
      `Keep ${names.endpoint} for Logto, or ${names.issuer} for any other OpenID Provider.`,
    );
  }
  if (connection.endpoint !== undefined && connection.discoveryUrl !== undefined) {
    throw new LogtoError(
      'config_invalid',
      `${names.endpoint} and ${names.discoveryUrl} are both set, and where Logto has its document is known.`,
      `Keep ${names.endpoint} for Logto, or ${names.issuer} and ${names.discoveryUrl} for any other OpenID Provider.`,
    );
  }
  if (storage !== undefined && !storageKinds.includes(storage as StorageKind)) {
    throw new LogtoError(
      'config_invalid',
      `${names.storage} is ${JSON.stringify(storage)}, which is no kind of storage.`,
      `Use one of ${storageKinds.join(', ')}.`,
    );
  }
}
