/**
 * The library: what the program is built on. It is of ES modules, which CommonJS can `require()` too (Node.js 20.19 and
 * newer). Its types name `Response`, `URLSearchParams` and `AbortSignal`: have `@types/node` or the library `dom`.
 */
export type { AccessToken, AccessTokenRequest } from './client/access-token.js';
export type { ClientCredentialsRequest, ClientCredentialsToken } from './client/client-credentials.js';
export type { DeviceSignIn, DeviceSignInOptions, DeviceWaitOptions } from './client/device-sign-in.js';
export { LogtoClient } from './client/logto-client.js';
export type { LogtoClientOptions } from './client/logto-client-options.js';
export type { AnyProvider, ApplicationConfig, LogtoConfig, LogtoProvider } from './client/logto-config.js';
export type { FirstScreen, IdentifierType, SignInChoices, SignInOptions } from './client/logto-parameters.js';
export { readSession } from './client/read-session.js';
export type { AccessTokenSummary, Session } from './client/session.js';
export type { CallbackOptions } from './client/sign-in.js';
export type { SignOutOptions, SignOutReport } from './client/sign-out.js';
export type { SubjectTokenType, TokenExchangeRequest } from './client/token-exchange.js';
export type { DetailsByCode } from './error-details.js';
export { type ErrorCode, type ErrorDetails, exitCodeOf, LogtoError, type LogtoErrorOf } from './errors.js';
export type { Fetch, FetchInit } from './network/fetch.js';
export type { ClientAuthentication, ClientAuthenticationMethod } from './oidc/authentication-method.js';
export type { Claims } from './oidc/claims.js';
export type { ApplicationVerdict } from './oidc/probe/application-check.js';
export type { Verdict } from './oidc/probe/probe.js';
export type { ProviderEvent, ProviderObserver } from './oidc/provider-event.js';
export { FileStorage, type FileStorageOptions } from './storage/file-storage.js';
export { KeychainStorage, type KeychainStorageOptions } from './storage/keychain-storage.js';
export { MemoryStorage } from './storage/memory-storage.js';
export type { Lock, Storage } from './storage/storage.js';
