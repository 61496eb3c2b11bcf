import { authorizationRequest } from './application/authorization-request.js';
import { deviceFlow } from './application/device-flow.js';
import { existence } from './application/existence.js';
import { offlineAccess } from './application/offline-access.js';
import { postSignOutUri } from './application/post-sign-out-uri.js';
import { redirectUri } from './application/redirect-uri.js';
import { resources } from './application/resources.js';
import { scopes } from './application/scopes.js';
import { secret } from './application/secret.js';
import { type } from './application/type.js';
import type { DoctorCheck } from './doctor-check.js';
import { browser } from './machine/browser.js';
import { callbackPort } from './machine/callback-port.js';
import { certificates } from './machine/certificates.js';
import { clock } from './machine/clock.js';
import { nodeVersion } from './machine/node-version.js';
import { proxy } from './machine/proxy.js';
import { storage } from './machine/storage.js';
import { address } from './provider/address.js';
import { discovery } from './provider/discovery.js';
import { endSession } from './provider/end-session.js';
import { keys } from './provider/keys.js';
import { pkce } from './provider/pkce.js';
import { reachable } from './provider/reachable.js';
import { refresh } from './provider/refresh.js';
import { responseIssuer } from './provider/response-issuer.js';
import { revocation } from './provider/revocation.js';
import { sites } from './provider/sites.js';
import { tls } from './provider/tls.js';
import { expiry } from './session/expiry.js';
import { owner } from './session/owner.js';
import { presence } from './session/presence.js';
import { refreshToken } from './session/refresh-token.js';

/** Every check of `doctor`, each after those that it needs. */
export const doctorChecks: readonly DoctorCheck[] = [
  nodeVersion,
  storage,
  browser,
  callbackPort,
  proxy,
  certificates,
  address,
  reachable,
  clock,
  tls,
  discovery,
  sites,
  keys,
  pkce,
  responseIssuer,
  refresh,
  revocation,
  endSession,
  existence,
  type,
  secret,
  redirectUri,
  authorizationRequest,
  scopes,
  resources,
  offlineAccess,
  postSignOutUri,
  deviceFlow,
  presence,
  owner,
  refreshToken,
  expiry,
];
