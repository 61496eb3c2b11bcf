import * as client from 'openid-client';
import { LogtoError } from '../errors.js';
import { inConsole } from '../logto-console.js';
import { Response } from '../whole-response.js';
import { worded } from '../wording.js';
import { unexpectedError } from './error/openid-client-errors.js';
import { readJsonObject, withSignal } from './http-answer.js';
import { throwOAuthError } from './probe/endpoint-answers.js';
import type { ProtocolClient } from './protocol-client.js';
import type { ProviderOptions } from './provider-options.js';
import type { DeviceAuthorization, DeviceAuthorizationRequest } from './request.js';
import { checkDeviceAuthorization } from './validate/device-authorization.js';

/** See `Provider.authorizeDevice`. */
export async function authorizeDevice(
  options: ProviderOptions,
  protocolClient: ProtocolClient,
  wanted: DeviceAuthorizationRequest,
): Promise<DeviceAuthorization> {
  const { metadata } = protocolClient;
  if (metadata.device_authorization_endpoint === undefined) throw withoutDeviceFlow(options, metadata.issuer);
  const { scopes, resources, parameters, signal } = wanted;
  const body = new URLSearchParams({ ...parameters, scope: scopes.join(' ') });
  for (const resource of resources) body.append('resource', resource);
  const fetch = withSignal(options.fetch, signal);
  const subject = protocolClient.subject('device authorization endpoint', 'token_response_invalid');
  const request = protocolClient.request({ kind: 'device-authorization', secrets: [], scopes, resources });
  const askedAt = options.now();
  const channel = protocolClient.channel<DeviceAuthorization>({
    subject,
    fetch,
    secrets: request.secrets,
    check: async (response) => {
      await throwOAuthError(response, request, fetch, subject);
      const value = checkDeviceAuthorization(await readJsonObject(response, subject), {
        subject,
        issuer: metadata.issuer,
        askedAt,
      });
      const seen = {
        device_code: value.deviceCode,
        user_code: value.userCode,
        verification_uri: value.verificationUri,
        expires_in: 1,
      };
      return { value, seen: Response.json(seen) };
    },
  });
  await protocolClient.run(
    channel,
    (config) => client.initiateDeviceAuthorization(config, body),
    unexpectedError,
  );
  return channel.value;
}

function withoutDeviceFlow({ namedBy }: ProviderOptions, issuer: string): LogtoError {
  return new LogtoError(
    'device_flow_disabled',
    `${issuer} lists no device authorization endpoint: it has no device flow, or has it turned off.`,
    worded(
      {
        general:
          'Turn the device flow on at the provider, or sign in with a browser that reaches this machine: logto-cli sign-in',
        logto: `Logto has it in newer versions: ${inConsole('Applications', 'Create application', 'Native app', 'Device flow')}.`,
      },
      namedBy,
    ),
  );
}
