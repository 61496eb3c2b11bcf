/** Logto's application types that the emulator knows. */
export const applicationTypes = ['Native', 'Traditional', 'SPA'] as const;
export type EmulatorApplicationType = (typeof applicationTypes)[number];

/** An application as it is registered at the emulator. */
export interface EmulatorApplication {
  readonly type: EmulatorApplicationType;
  readonly appId: string;
  /** Traditional only: the other types are public clients. */
  readonly appSecret?: string;
  readonly redirectUris: readonly string[];
  readonly postLogoutRedirectUris: readonly string[];
}

/** A user who can sign in, and what the claims about this user are made of. */
export interface EmulatorUser {
  /** The `sub` claim. */
  readonly id: string;
  readonly username: string;
  readonly password: string;
  readonly name?: string;
  readonly email?: string;
  readonly picture?: string;
  readonly roles?: readonly string[];
  readonly customData?: Readonly<Record<string, unknown>>;
}

/** What an emulator starts with. */
export interface EmulatorSeed {
  readonly applications: readonly EmulatorApplication[];
  readonly users: readonly EmulatorUser[];
}

/** Everything needed to use a running emulator: what `emulator --json` prints, and a seed again. */
export interface EmulatorDescription extends EmulatorSeed {
  readonly endpoint: string;
  readonly issuer: string;
}

/**
 * The seed of an emulator that is given none. Everything in it is fixed, so that configuration can be written down;
 * its secrets are public and say so.
 */
export function defaultSeed(): EmulatorSeed {
  const uris = {
    redirectUris: ['http://localhost:3000/callback'],
    postLogoutRedirectUris: ['http://localhost:3000/'],
  };
  return {
    applications: [
      { type: 'Native', appId: 'emulator-native', ...uris },
      { type: 'Traditional', appId: 'emulator-traditional', appSecret: 'emulator-only-app-secret', ...uris },
      { type: 'SPA', appId: 'emulator-spa', ...uris },
    ],
    users: [
      { id: 'emulator-user-alice', username: 'alice', password: 'emulator-only-alice' },
      { id: 'emulator-user-bob', username: 'bob', password: 'emulator-only-bob' },
    ],
  };
}
