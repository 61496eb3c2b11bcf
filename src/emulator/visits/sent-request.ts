import type { IncomingHttpHeaders } from 'node:http';
import type { ObservedRequest } from './observed-request.js';

/** Parameters whose values the provider gave out before, so that they say whose a request is. */
const givenOut: ReadonlySet<string> = new Set([
  'code',
  'refresh_token',
  'access_token',
  'token',
  'id_token_hint',
]);

/** What a request says of itself. */
export type SentRequest = Pick<ObservedRequest, 'parameters' | 'authorization' | 'userAgent' | 'clientId'> & {
  /** The codes and tokens that it brings along. */
  readonly brought: readonly string[];
};

/** Reads what a request says: its parameters, and who it is from (RFC 6749, section 2.3.1; RFC 6750, section 2). */
export function sentRequest(
  headers: IncomingHttpHeaders,
  parameters: ObservedRequest['parameters'],
): SentRequest {
  const [scheme = '', credentials = ''] = (headers.authorization ?? '').split(' ', 2);
  const named = scheme.toLowerCase();
  const authorization = named === 'basic' || named === 'bearer' ? named : 'none';
  const brought = parameters.filter(([name]) => givenOut.has(name)).map(([, value]) => value);
  if (authorization === 'bearer') brought.push(credentials);
  const clientId =
    parameters.find(([name]) => name === 'client_id')?.[1] ??
    (authorization === 'basic' ? userOf(credentials) : null);
  const userAgent = headers['user-agent'] ?? null;
  return { parameters, authorization, userAgent, clientId, brought };
}

/** The client ID of HTTP Basic credentials, which are form-encoded before they are joined. */
function userOf(credentials: string): string | null {
  const [user = ''] = Buffer.from(credentials, 'base64').toString('utf8').split(':', 1);
  return new URLSearchParams(`user=${user.replaceAll('&', '%26')}`).get('user');
}
