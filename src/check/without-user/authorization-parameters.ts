import { createPkce, randomValue } from '../../oidc/pkce.js';

/** A response type that nobody has registered anywhere. */
export const unknownResponseType = 'logto-cli-test';

/** The parameters of a sound authorization request that begins no sign-in. */
export async function soundParameters(clientId: string, redirectUri: string): Promise<URLSearchParams> {
  return new URLSearchParams({
    client_id: clientId,
    response_type: 'code',
    redirect_uri: redirectUri,
    scope: 'openid',
    // Signs that are lost or doubled by those who do not encode what they echo.
    state: `${randomValue()} +&=%`,
    nonce: randomValue(),
    prompt: 'none',
    code_challenge: (await createPkce()).challenge,
    code_challenge_method: 'S256',
  });
}

/** Makes a request that of an application that nobody registered. */
export function fromStranger(clientId: string): (parameters: URLSearchParams) => void {
  return (sent) => sent.set('client_id', `${clientId}-unknown`);
}
