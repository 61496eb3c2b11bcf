import { LogtoClient } from '../client/logto-client.js';
import type { LogtoConfig } from '../client/logto-config.js';
import type { Emulator } from '../emulator/emulator.js';
import { LogtoError } from '../errors.js';
import { credentialOrigins } from '../headless/credential-origins.js';
import { createFetch } from '../network/create-fetch.js';
import type { Storage } from '../storage/storage.js';
import { headlessSignIn } from './headless-sign-in.js';

/** Who signs in to what. Everything has a default: the first user of the seed, at its first application. */
export interface EmulatorSignIn extends Partial<Pick<LogtoConfig, 'appId' | 'scopes' | 'resources'>> {
  /** Default: the first user of the seed. */
  readonly username?: string;
  /** Default: what the seed says of the user. */
  readonly password?: string;
  /** Registers the user first. */
  readonly signUp?: boolean;
  /** Where the client keeps its tokens. Default: in memory. */
  readonly storage?: Storage;
}

/**
 * Signs a user in at an emulator without a browser and a listener, and returns the client that holds the tokens. The
 * client did everything that it does with a browser: only the pages' part was done by a program. The second factors of the
 * seed's users are given too.
 *
 * @throws LogtoError `config_invalid` for an application or a password that the emulator's seed does not know;
 * whatever a sign-in throws
 *
 * @example
 * ```ts
 * const client = await signIn(emulator, { username: 'alice', resources: ['https://api.example.test'] });
 * const accessToken = await client.getAccessToken('https://api.example.test');
 * ```
 */
export async function signIn(emulator: Emulator, options: EmulatorSignIn = {}): Promise<LogtoClient> {
  const { applications, users } = emulator.description;
  const application = applications.find(
    ({ appId }) => options.appId === undefined || appId === options.appId,
  );
  const username = options.username ?? users[0]?.username;
  const password = options.password ?? users.find((user) => user.username === username)?.password;
  const redirectUri = application?.redirectUris[0];
  if (redirectUri === undefined || username === undefined || password === undefined) {
    throw new LogtoError(
      'config_invalid',
      'The emulator has no such application, or its seed knows no password of such a user.',
      'Name an appId of its seed, and give the password of a user that is not in it.',
    );
  }
  const fetch = await createFetch({ environment: process.env });
  const client = new LogtoClient(
    {
      endpoint: emulator.endpoint,
      appId: application?.appId ?? '',
      ...(application?.appSecret !== undefined && { appSecret: application.appSecret }),
      ...(options.scopes && { scopes: options.scopes }),
      ...(options.resources && { resources: options.resources }),
    },
    { fetch, ...(options.storage && { storage: options.storage }) },
  );
  const user = users.find((known) => known.username === username);
  const [backupCode] = user?.backupCodes ?? [];
  await headlessSignIn(
    { now: Date.now, interruption: new AbortController().signal },
    {
      client,
      options: {},
      redirectUri,
      namedBy: 'endpoint',
      origins: credentialOrigins(emulator.issuer),
      fetch,
      user: {
        identifier: { type: 'username', value: username },
        password,
        signUp: options.signUp === true,
        ...(user?.totpSecret !== undefined && { totpSecret: user.totpSecret }),
        ...(backupCode !== undefined && { backupCode }),
      },
    },
  );
  return client;
}
