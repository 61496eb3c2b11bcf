import { Response } from '../whole-response.js';
import type { BackChannel, BackChannelOptions } from './back-channel.js';
import { readJsonObject, type Subject, withSignal } from './http-answer.js';
import { filledIssuer } from './issuer-template.js';
import { type ClientRequest, throwOAuthError } from './probe/endpoint-answers.js';
import type { ProtocolClient } from './protocol-client.js';
import type { ProviderOptions } from './provider-options.js';
import type { GrantedAccessToken } from './request.js';
import { type AccessTokenTarget, checkAccessToken, scopesOf } from './validate/access-token.js';
import type { IdTokenExpectations } from './validate/id-token.js';
import { checkIssuedType } from './validate/issued-token-type.js';
import { decodeJwt } from './validate/jwt.js';
import { trustedAlgorithms } from './validate/signing-algorithm.js';
import { checkTokenResponse } from './validate/token-response.js';

/** The answer to a grant, checked but for its ID token. */
export interface GrantAnswer {
  readonly accessToken: GrantedAccessToken;
  readonly refreshToken: string | null;
  readonly idToken: string | null;
  /** What the ID token is to be compared with. */
  readonly expected: Omit<IdTokenExpectations, 'nonce'>;
}

/** One grant, and how its answer is read. */
export interface Grant<Value> extends Pick<BackChannelOptions<Value>, 'fetch' | 'signal' | 'prepare'> {
  readonly request: ClientRequest;
  readonly target?: AccessTokenTarget;
  /** What is asked for, for an answer that names no scope. */
  readonly scopes: readonly string[];
  /** Says more about an error of the endpoint. */
  readonly explain?: (error: unknown, clockDifference: number | null) => unknown;
  /** Is told of the refresh token that came, once everything but the ID token has passed; `null`: none came. */
  readonly onRefreshToken?: (refreshToken: string | null) => void;
  /** Checks the ID token. One that is returned has its signature verified before the value is used. */
  readonly read: (answer: GrantAnswer) => { readonly value: Value; readonly idToken: string | null };
}

/** The token endpoint of a provider, and who asks there. */
export interface GrantEndpoint {
  readonly options: ProviderOptions;
  readonly client: ProtocolClient;
  readonly subject: Subject;
}

/** The way to the token endpoint for one grant: its answer is checked here, openid-client sees what passed. */
export function grantChannel<Value>(endpoint: GrantEndpoint, grant: Grant<Value>): BackChannel<Value> {
  const { request, target = {}, scopes, read, explain = (error) => error, onRefreshToken, ...rest } = grant;
  const { options, client, subject } = endpoint;
  const { now, clientId, observe } = options;
  const started = now();
  return client.channel({
    ...rest,
    subject,
    secrets: request.secrets,
    check: async (response, keys) => {
      const date = Date.parse(response.headers.get('date') ?? '');
      const clockDifference = Number.isNaN(date) ? null : (date - now()) / 1000;
      const fetch = withSignal(rest.fetch, rest.signal);
      await throwOAuthError(response, request, fetch, subject).catch((error: unknown) => {
        throw explain(error, clockDifference);
      });
      const body = await readJsonObject(response, subject);
      const fields = checkTokenResponse(body, subject, scopes);
      if (request.kind === 'token-exchange') checkIssuedType(body['issued_token_type'], subject);
      const { tokenType, expiresIn, refreshToken } = fields;
      const end = checkAccessToken(fields.accessToken, target, subject);
      onRefreshToken?.(refreshToken);
      const { header, claims } = decodeJwt(fields.idToken ?? '') ?? { header: {}, claims: {} };
      const rules = await keys.rulesFor('ID token', header['alg']);
      const { value, idToken } = read({
        accessToken: {
          accessToken: fields.accessToken,
          tokenType,
          accessTokenExpiresAt: expiresIn === null ? end : started + expiresIn * 1000,
          scopes: fields.scopes ?? scopesOf(fields.accessToken) ?? scopes,
        },
        refreshToken,
        idToken: fields.idToken,
        expected: {
          issuer: client.metadata.issuer,
          clientId,
          algorithms: trustedAlgorithms(rules),
          rules,
          now: now(),
          clockDifference,
          observe,
        },
      });
      const seen = { access_token: fields.accessToken, token_type: tokenType };
      if (idToken === null) return { value, seen: Response.json(seen) };
      // It has passed, and so its claims fill the template where the issuer is one.
      const filled = filledIssuer(client.metadata.issuer, claims);
      const issuer = 'issuer' in filled ? filled.issuer : client.metadata.issuer;
      const signed = keys.signed({ jwt: idToken, of: 'ID token', header, issuer }, subject);
      return { value, seen: Response.json({ ...seen, id_token: idToken }), signed };
    },
  });
}

/** What an access token is wanted for, without what is not there. */
export function targetOf({ resource, organization }: AccessTokenTarget): AccessTokenTarget {
  return { ...(resource !== undefined && { resource }), ...(organization !== undefined && { organization }) };
}

/** The same in parameters: RFC 8707, section 2.2, and Logto's for organizations. */
export function parametersOf({ resource, organization }: AccessTokenTarget): Record<string, string> {
  return {
    ...(resource !== undefined && { resource }),
    ...(organization !== undefined && { organization_id: organization }),
  };
}
