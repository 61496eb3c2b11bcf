import type { LogtoConfig } from '../../client/logto-config.js';
import type { Session } from '../../client/session.js';
import type { LogtoError } from '../../errors.js';
import type { ProviderPlace } from '../../oidc/issuer-url.js';
import type { Settings } from '../../profile/settings.js';
import type { Runtime } from '../../runtime.js';

/** The sign-in that is looked at before it is tried, as the flags of `sign-in` would shape it. */
export interface ExaminedSignIn {
  /** `null`: nobody chose one. */
  readonly redirectUri: string | null;
  /** Where to listen, when that is not the redirect URI's port. */
  readonly port?: number;
  readonly postLogoutRedirectUri?: string;
  /** Beside the default ones. */
  readonly scopes: readonly string[];
  readonly defaultScopes: boolean;
  readonly resources: readonly string[];
  /** `null` sends none; `undefined` is the default. */
  readonly prompt?: string | null;
  /** The device flow instead of a browser here. */
  readonly device: boolean;
}

/** What a `DoctorSubject` is made of. */
export interface DoctorOptions {
  readonly runtime: Runtime;
  readonly settings: Settings;
  readonly signIn: ExaminedSignIn;
  /** What a command says that finds these settings without a provider or an application; `null` when they have both. */
  readonly missing: LogtoError | null;
  /** Adds what the application has to prove who it is, wherever that is kept. */
  readonly findCredentials: (application: LogtoConfig) => Promise<LogtoConfig>;
  /** Ends every request. */
  readonly signal: AbortSignal;
}

/** The provider and the application that are looked at. */
export interface Connection extends ProviderPlace {
  readonly endpoint?: string;
  /** `null`: none is set. */
  readonly appId: string | null;
  /** The session whose application this is, where no setting names one. */
  readonly session: Session | null;
}
