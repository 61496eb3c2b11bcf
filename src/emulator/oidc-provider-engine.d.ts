/**
 * `oidc-provider`'s entry point prints a warning as soon as it is imported by a Node that is not a newer LTS release.
 * Its parts do not, so the emulator imports the two that it needs by their own paths; the types are the package's.
 */
declare module 'oidc-provider/lib/provider.js' {
  export { Provider } from 'oidc-provider';
}
declare module 'oidc-provider/lib/helpers/errors.js' {
  import { errors } from 'oidc-provider';
  export import AccessDenied = errors.AccessDenied;
  export import CustomOIDCProviderError = errors.CustomOIDCProviderError;
  export import InsufficientScope = errors.InsufficientScope;
  export import InvalidClient = errors.InvalidClient;
  export import InvalidClientMetadata = errors.InvalidClientMetadata;
  export import InvalidGrant = errors.InvalidGrant;
  export import InvalidRequest = errors.InvalidRequest;
  export import InvalidTarget = errors.InvalidTarget;
  export import SessionNotFound = errors.SessionNotFound;
}
