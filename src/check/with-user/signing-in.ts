import type { ExperienceUser } from '../../headless/experience-user.js';
import type { Fetch } from '../../network/fetch.js';
import type { ClientIdentity } from '../../oidc/client-authentication.js';
import type { ProviderPlace } from '../../oidc/issuer-url.js';
import type { Runtime } from '../../runtime.js';
import type { NamedBy } from '../../wording.js';
import type { TestedProvider } from '../tested-provider.js';
import type { Sender } from '../without-user/client-credentials.js';
import type { Answer } from '../without-user/endpoint-answer.js';
import type { OwnBrowser } from './own-browser.js';
import type { OwnSession } from './own-session.js';

/** What a `TestedUser` is made of. */
export interface TestedUserOptions extends ClientIdentity, ProviderPlace {
  /** How the provider is set, which decides what is said of it. Default: by its issuer. */
  readonly namedBy?: NamedBy;
  /** One that is registered. Nobody listens there. */
  readonly redirectUri: string;
  /** One that is registered. */
  readonly postLogoutRedirectUri: string;
  readonly user: ExperienceUser;
  /** The origins that the user's credentials may be sent to: see `credentialOrigins`. */
  readonly origins: readonly string[];
  /** Asked for beside `openid profile offline_access`. */
  readonly scopes: readonly string[];
  readonly resources: readonly string[];
  /** The ID of one that the user is a member of. */
  readonly organization?: string;
  readonly fetch: Fetch;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly sleep: Runtime['sleep'];
  /** Is told of a wait for the next code of an authenticator, in seconds. */
  readonly onWait?: (seconds: number) => void;
  /** Ends sign-ins that are under way. */
  readonly signal: AbortSignal;
}

/** What the sessions that something is done to need of the user that they are of. */
export interface SigningIn {
  readonly options: TestedUserOptions;
  readonly provider: TestedProvider;
  /** Waits until something is so by the clock alone, which is told of the run. */
  wait(milliseconds: number, until: string): Promise<void>;
  /** Signs in anew, for a session of its own. @throws LogtoError what a sign-in throws; `token_request_rejected` */
  newSession(): Promise<OwnSession>;
  /** What `prompt=none` is answered with: `code`, or the error. */
  silently(browser: OwnBrowser): Promise<string>;
  /** Asks UserInfo. @throws LogtoError network codes */
  askUserInfo(token: string): Promise<Answer>;
  /** Revokes a token. @throws LogtoError network codes */
  revoke(token: string, kind: 'refresh_token' | 'access_token', sender?: Sender): Promise<Answer>;
}
