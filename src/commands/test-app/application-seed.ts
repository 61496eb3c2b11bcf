import { defaultSeed, type EmulatorIdTokenAlgorithm, type EmulatorSeed } from '../../emulator/seed.js';

/** What the emulator calls the application that is tested. */
export const appId = 'test-app';
/** Its secret, which is public and says so. */
export const appSecret = 'emulator-only-app-secret';

/** Those that applications meet: most providers sign with the first, Logto with the second. */
export const usualAlgorithms: readonly EmulatorIdTokenAlgorithm[] = ['RS256', 'ES384'];

/**
 * An emulator's seed with one application, and users who can be known by what they are called.
 *
 * @param redirectUri where it is not known yet, any address of the application
 */
export function applicationSeed(
  isPublic: boolean,
  redirectUri: string,
  idTokenAlgorithm: EmulatorIdTokenAlgorithm,
): EmulatorSeed {
  const own = { appId, idTokenAlgorithm, redirectUris: [redirectUri], postLogoutRedirectUris: [] };
  return {
    ...defaultSeed(),
    // Their JWTs would have a key of their own, and an ID token then has to name its key.
    resources: [],
    organizations: [],
    applications: [isPublic ? { type: 'SPA', ...own } : { type: 'Traditional', appSecret, ...own }],
    users: [user('alice', 'Alice of the emulator'), user('bob', 'Bob of the emulator')],
  };
}

function user(username: string, name: string) {
  return {
    id: `emulator-user-${username}`,
    username,
    password: `emulator-only-${username}`,
    name,
    email: `${username}@emulator.example`,
  };
}
