import { defaultSeed, type Emulator, startEmulator } from '../../src/testing.js';
import { freePort } from '../support/free-port.js';
import { type PlainProvider, startPlainProvider } from '../support/plain-provider.js';

/** One application at a running provider, the way a user of the program names it. */
export interface Registration {
  readonly title: string;
  readonly issuer: string;
  /** Present at a Logto-shaped provider. */
  readonly endpoint?: string;
  readonly appId: string;
  /** A confidential application's. */
  readonly appSecret?: string;
  /** The flags that name provider and application. */
  readonly flags: readonly string[];
  readonly user: User;
}

/** Somebody who can sign in. */
export interface User {
  readonly id: string;
  readonly username: string;
  readonly password: string;
}

/** Running providers whose applications take callbacks on one port that is free here. */
export interface Providers {
  readonly port: number;
  readonly emulator: Emulator;
  readonly plain: PlainProvider;
  readonly native: Registration;
  readonly traditional: Registration;
  readonly spa: Registration;
  readonly plainPublic: Registration;
  readonly plainConfidential: Registration;
  close(): Promise<void>;
}

/** The name of a {@link Registration} among the {@link Providers}. */
export type RegistrationName = 'native' | 'traditional' | 'spa' | 'plainPublic' | 'plainConfidential';

/** Starts an emulator and a provider that is not shaped like Logto, in this process. */
export async function startProviders(): Promise<Providers> {
  const port = await freePort();
  const uris = {
    redirectUris: [`http://localhost:${port}/callback`],
    postLogoutRedirectUris: [`http://localhost:${port}/`],
  };
  const seed = defaultSeed();
  // Some kinds of applications know no redirect.
  const applications = seed.applications.map((application) =>
    application.redirectUris?.length ? { ...application, ...uris } : application,
  );
  const emulator = await startEmulator({ seed: { ...seed, applications } });
  const plain = await startPlainProvider(uris);
  const { public: publicClient, confidential } = plain.clients;
  return {
    port,
    emulator,
    plain,
    native: emulated('Native', emulator),
    traditional: emulated('Traditional', emulator),
    spa: emulated('SPA', emulator),
    plainPublic: other(plain, publicClient.clientId),
    plainConfidential: other(plain, confidential.clientId, confidential.clientSecret),
    close: async () => {
      await emulator.close();
      await plain.close();
    },
  };
}

function emulated(type: string, { endpoint, issuer, description }: Emulator): Registration {
  const application = description.applications.find((known) => known.type === type);
  const user = description.users[0];
  if (!application || !user) throw new Error(`the default seed has no ${type} application or no user`);
  const { appId, appSecret } = application;
  return {
    title: `${type} at the emulator`,
    issuer,
    endpoint,
    appId,
    ...(appSecret !== undefined && { appSecret }),
    flags: ['--endpoint', endpoint, '--app-id', appId],
    user,
  };
}

function other({ issuer, users }: PlainProvider, appId: string, appSecret?: string): Registration {
  const user = users[0];
  if (!user) throw new Error('the plain provider has no user');
  return {
    title: appId,
    issuer,
    appId,
    ...(appSecret !== undefined && { appSecret }),
    flags: ['--issuer', issuer, '--app-id', appId],
    user,
  };
}
