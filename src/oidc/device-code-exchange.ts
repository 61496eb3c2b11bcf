import * as client from 'openid-client';
import { LogtoError } from '../errors.js';
import type { Fetch } from '../network/fetch.js';
import { Response } from '../whole-response.js';
import { deviceGrantType } from './device-grant-type.js';
import { parseOAuthError } from './error/error-from-oauth.js';
import { signatureError } from './error/openid-client-errors.js';
import { type GrantEndpoint, grantChannel } from './grant-channel.js';
import { withSignal } from './http-answer.js';
import { verifying } from './provider-event.js';
import type { DeviceCodeExchange, DevicePending, TokenResponse } from './request.js';
import { checkIdToken } from './validate/id-token.js';
import { idTokenInvalid, missingIdToken } from './validate/id-token-refusal.js';

/** See `Provider.exchangeDeviceCode`. */
export async function exchangeDeviceCode(
  endpoint: GrantEndpoint,
  exchange: DeviceCodeExchange,
): Promise<TokenResponse | DevicePending> {
  const { deviceCode, scopes, resources, signal } = exchange;
  const { options, client: protocolClient, subject } = endpoint;
  const channel = grantChannel<TokenResponse>(endpoint, {
    request: protocolClient.request({ kind: 'device-code', secrets: [deviceCode], scopes, resources }),
    scopes,
    fetch: withoutTooMany(withSignal(options.fetch, signal)),
    read: ({ accessToken, refreshToken, idToken, expected }) => {
      if (idToken === null) throw idTokenInvalid(missingIdToken(scopes));
      const claims = checkIdToken(idToken, { ...expected, nonce: null });
      const verify = verifying(options.observe, 'ID token');
      verify('nonce is not compared: a device authorization request has none', 'RFC 8628, 3.1', true);
      return { value: { ...accessToken, idToken, claims, refreshToken }, idToken };
    },
  });
  try {
    await protocolClient.run(
      channel,
      (config) => client.genericGrantRequest(config, deviceGrantType, { device_code: deviceCode }),
      (error, signed) => signatureError(error, signed, subject),
    );
  } catch (error) {
    const said = error instanceof LogtoError ? error.details?.['error'] : undefined;
    if (said === 'authorization_pending' || said === 'slow_down') return said;
    throw error;
  }
  return channel.value;
}

/** Auth0 says `slow_down` with 429, which elsewhere is a provider that wants no requests at all. */
function withoutTooMany(fetch: Fetch): Fetch {
  return async (url, init) => {
    const response = await fetch(url, init);
    if (response.status !== 429) return response;
    const text = await response.clone().text();
    const isSlowDown = parseOAuthError(text, response.status, [], response.headers)?.error === 'slow_down';
    return isSlowDown ? new Response(text, { status: 400, headers: response.headers }) : response;
  };
}
