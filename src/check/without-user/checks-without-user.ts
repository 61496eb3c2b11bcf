import { withClause } from '../run/claused-check.js';
import { authorizationChecks } from './authorization.js';
import type { CheckWithoutUser } from './check-without-user.js';
import { crossOriginChecks } from './cross-origin.js';
import { discoveryChecks } from './discovery.js';
import { keyChecks } from './keys.js';
import { protectedEndpointChecks } from './protected-endpoints.js';
import { redirectUriChecks } from './redirect-uri.js';
import { refusedRequestChecks } from './refused-requests.js';
import { tokenEndpointChecks } from './token-endpoint.js';

/** Every check that needs no user, each after those that it needs. */
export const checksWithoutUser: readonly CheckWithoutUser[] = [
  ...discoveryChecks,
  ...keyChecks,
  ...authorizationChecks,
  ...redirectUriChecks,
  ...refusedRequestChecks,
  ...tokenEndpointChecks,
  ...protectedEndpointChecks,
  ...crossOriginChecks,
].map((check) => withClause(check));
