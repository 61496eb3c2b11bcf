import { callbackUri, signedOutUri } from '../local-address.js';
/** Logto's application types that the emulator knows. */
export const applicationTypes = ['Native', 'Traditional', 'SPA', 'MachineToMachine'] as const;
/** One of these types. */
export type EmulatorApplicationType = (typeof applicationTypes)[number];

/** The role whose holders have every scope of every API resource. */
export const resourceRole = 'things-user';

/** By what an emulator can sign ID tokens (RFC 7518, section 3.1). */
export const idTokenAlgorithms = ['ES384', 'ES256', 'RS256', 'PS256'] as const;
/** One of these algorithms. */
export type EmulatorIdTokenAlgorithm = (typeof idTokenAlgorithms)[number];

/** An application as it is registered at the emulator. */
export interface EmulatorApplication {
  /** As Logto's Console has it. */
  readonly type: EmulatorApplicationType;
  /** Native only: the application signs in with the device flow (RFC 8628), and in no other way. */
  readonly deviceFlow?: boolean;
  /** Somebody else's: users are asked for their consent, on a page. */
  readonly thirdParty?: boolean;
  /**
   * How many sign-ins of one user may live at once: the oldest ends with one more (Logto's "Concurrent device limit").
   * Default: any number.
   */
  readonly maxAllowedGrants?: number;
  /**
   * Only these may use it: users by name, and users with one of these roles (Logto's application access control). Default:
   * everybody. Not for machine-to-machine, which has no users.
   */
  readonly accessControl?: { readonly users?: readonly string[]; readonly roles?: readonly string[] };
  /** May exchange tokens (RFC 8693). Not for a third-party application. Default: it may not, as at Logto. */
  readonly allowTokenExchange?: boolean;
  /** By what its ID tokens are signed. Default: ES384, as at Logto. Not for machine-to-machine, which gets none. */
  readonly idTokenAlgorithm?: EmulatorIdTokenAlgorithm;
  /** The `client_id`. */
  readonly appId: string;
  /** Traditional and machine-to-machine only: the other types are public clients. */
  readonly appSecret?: string;
  /** Empty for machine-to-machine and device-flow applications: no browser is sent back to them. */
  readonly redirectUris: readonly string[];
  /** As `redirectUris`. */
  readonly postLogoutRedirectUris: readonly string[];
  /**
   * Where it is told that a session is over (OpenID Connect Back-Channel Logout 1.0). With it, its ID tokens have `sid`.
   */
  readonly backchannelLogoutUri?: string;
}

/** What stands for a user until it ends or is deleted: an application may exchange it for an access token. */
export interface EmulatorPersonalAccessToken {
  /** Unique for its user. */
  readonly name: string;
  /** The token itself. Public: it is an emulator's. */
  readonly value: string;
  /** It has ended. Default: false. */
  readonly expired?: boolean;
}

/** A user who can sign in, and what the claims about this user are made of. */
export interface EmulatorUser {
  /** The `sub` claim. */
  readonly id: string;
  /** What one signs in with. Unique. */
  readonly username: string;
  /** Public: it is an emulator's. */
  readonly password: string;
  /** The `name` claim. */
  readonly name?: string;
  /** The `email` claim. */
  readonly email?: string;
  /** Digits of the international form, without `+`, as Logto keeps it. */
  readonly phone?: string;
  /** The `picture` claim: an address. */
  readonly picture?: string;
  /** What the claim `roles` says. Nobody but the holders of `things-user` has a scope of an API resource. */
  readonly roles?: readonly string[];
  /** The `custom_data` claim. */
  readonly customData?: Readonly<Record<string, unknown>>;
  /** May not sign in any more. */
  readonly suspended?: boolean;
  /** Has to set another password before the next sign-in. */
  readonly passwordExpired?: boolean;
  /** In base32: a code of it (TOTP, RFC 6238) is asked for at every sign-in. */
  readonly totpSecret?: string;
  /** Each stands in for a code once. */
  readonly backupCodes?: readonly string[];
  /** Default: none. */
  readonly personalAccessTokens?: readonly EmulatorPersonalAccessToken[];
}

/** By what a user may be named. */
export const identifierTypes = ['username', 'email', 'phone'] as const;
export type EmulatorIdentifierType = (typeof identifierTypes)[number];

/** The second factors that the emulator knows, in Logto's words. */
export const mfaFactors = ['Totp', 'BackupCode'] as const;
export type EmulatorMfaFactor = (typeof mfaFactors)[number];

/** `NoPrompt` asks only those who have a factor, `UserControlled` suggests one, `Mandatory` lets nobody in without. */
export const mfaPolicies = ['NoPrompt', 'UserControlled', 'Mandatory'] as const;
export type EmulatorMfaPolicy = (typeof mfaPolicies)[number];

/** Who may register: nobody, whoever picks a username and a password, or whoever proves to have an e-mail address. */
export const registrations = ['off', 'username', 'email'] as const;
export type EmulatorRegistration = (typeof registrations)[number];

/** The rules of signing in and registering (Logto's Console > Sign-in & account). */
export interface EmulatorSignInExperience {
  /** By what a user may be named beside the password. Default: the username alone. */
  readonly signInMethods?: readonly EmulatorIdentifierType[];
  /** Default: `username`. */
  readonly registration?: EmulatorRegistration;
  /** What a new password must be like. */
  readonly passwordPolicy?: {
    /** Default: 8. */
    readonly minLength?: number;
    /** How many of lower case, upper case, digits and symbols must be there, 1 (the default) to 4. */
    readonly characterTypes?: number;
    /** Refuses a password with the username in it. Default: false. */
    readonly rejectUserInfo?: boolean;
  };
  /** Second factors. */
  readonly mfa?: {
    /** Default: those that a user of the seed has. */
    readonly factors?: readonly EmulatorMfaFactor[];
    /** Default: `NoPrompt`. */
    readonly policy?: EmulatorMfaPolicy;
  };
  /** A captcha is asked for, which nobody can solve here. */
  readonly captcha?: boolean;
  /** Failures within an hour that block an identifier. Default: 100. */
  readonly maxAttempts?: number;
  /** For how long. Default: 60. */
  readonly lockoutMinutes?: number;
}

/** The token of a magic link: it signs in, or registers, whoever has this e-mail address, once. */
export interface EmulatorOneTimeToken {
  /** Whose it is. */
  readonly email: string;
  /** The token itself. */
  readonly token: string;
  /** It is too old. Default: false. */
  readonly expired?: boolean;
}

/** An API with scopes of its own: users have them through the role `things-user`. */
export interface EmulatorResource {
  /** The resource indicator (RFC 8707), an absolute URI. */
  readonly indicator: string;
  /** A machine-to-machine application may use the first. */
  readonly scopes: readonly string[];
}

/** An organization. Its members have every scope of it, through the role `member`. */
export interface EmulatorOrganization {
  /** What `organization_id` names. */
  readonly id: string;
  /** For people. */
  readonly name: string;
  /** Its permissions. Default: none. */
  readonly scopes?: readonly string[];
  /** Usernames. */
  readonly members: readonly string[];
}

/** What an emulator starts with. */
export interface EmulatorSeed {
  /** Who may send people here. */
  readonly applications: readonly EmulatorApplication[];
  /** Who can sign in. */
  readonly users: readonly EmulatorUser[];
  /** The APIs that tokens can be for. */
  readonly resources: readonly EmulatorResource[];
  /** Machine-to-machine applications are in the first one, and may use its first scope. */
  readonly organizations: readonly EmulatorOrganization[];
  /** The rules of signing in. Default: a username and a password. */
  readonly signInExperience?: EmulatorSignInExperience;
  /** Magic links. Default: none. */
  readonly oneTimeTokens?: readonly EmulatorOneTimeToken[];
}

/** Everything needed to use a running emulator, and a seed again. */
export interface EmulatorDescription extends EmulatorSeed {
  /** `http://localhost:<port>` */
  readonly endpoint: string;
  /** `<endpoint>/oidc` */
  readonly issuer: string;
}

/** Whether a browser is sent back to this application. */
function hasRedirects({ type, deviceFlow }: EmulatorApplication): boolean {
  return type !== 'MachineToMachine' && deviceFlow !== true;
}

/** What `emulator --json` prints: no lists of URIs for applications that can have none. */
export function printedDescription(description: EmulatorDescription) {
  const applications = description.applications.map((application) => {
    const { redirectUris, postLogoutRedirectUris, ...rest } = application;
    return hasRedirects(application) ? application : rest;
  });
  return { ...description, applications };
}

/**
 * The seed of an emulator that is given none. Everything in it is fixed, so that configuration can be written down;
 * its secrets are public and say so.
 *
 * @example
 * ```ts
 * const { users } = defaultSeed();
 * const emulator = await startEmulator({ seed: { users: [...users, { id: 'carol', username: 'carol', password: 'emulator-only-carol' }] } });
 * ```
 */
export function defaultSeed(): EmulatorSeed {
  const uris = {
    redirectUris: [callbackUri()],
    postLogoutRedirectUris: [signedOutUri()],
  };
  const none = { redirectUris: [], postLogoutRedirectUris: [] };
  return {
    applications: [
      { type: 'Native', appId: 'emulator-native', ...uris },
      {
        type: 'Traditional',
        allowTokenExchange: true,
        appId: 'emulator-traditional',
        appSecret: 'emulator-only-app-secret',
        ...uris,
      },
      { type: 'SPA', appId: 'emulator-spa', ...uris },
      {
        type: 'MachineToMachine',
        allowTokenExchange: true,
        appId: 'emulator-m2m',
        appSecret: 'emulator-only-m2m-secret',
        ...none,
      },
      { type: 'Native', deviceFlow: true, appId: 'emulator-device', ...none },
    ],
    users: [
      {
        id: 'emulator-user-alice',
        username: 'alice',
        password: 'emulator-only-alice',
        roles: [resourceRole],
        personalAccessTokens: [{ name: 'cli', value: 'pat_emulatorOnlyAlice000000000000000' }],
      },
      { id: 'emulator-user-bob', username: 'bob', password: 'emulator-only-bob' },
    ],
    resources: [{ indicator: 'https://api.example.test', scopes: ['read:things', 'write:things'] }],
    organizations: [
      { id: 'emulator-org-acme', name: 'Acme', scopes: ['read:org', 'write:org'], members: ['alice'] },
      { id: 'emulator-org-other', name: 'Other', members: [] },
    ],
  };
}

/** The seed with these URIs for every application that a browser is sent back to; an absent list stays as it was. */
export function withRedirects(
  seed: EmulatorSeed,
  uris: { readonly redirectUris?: readonly string[]; readonly postLogoutRedirectUris?: readonly string[] },
): EmulatorSeed {
  const applications = seed.applications.map((application) =>
    hasRedirects(application) ? { ...application, ...uris } : application,
  );
  return { ...seed, applications };
}

/** The seed with this algorithm for every application that gets ID tokens. */
export function withIdTokenAlgorithm(
  seed: EmulatorSeed,
  idTokenAlgorithm: EmulatorIdTokenAlgorithm,
): EmulatorSeed {
  const applications = seed.applications.map((application) =>
    application.type === 'MachineToMachine' ? application : { ...application, idTokenAlgorithm },
  );
  return { ...seed, applications };
}
