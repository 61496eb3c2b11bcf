import { clientAuthenticationMethod } from '../../oidc/client-authentication.js';
import { randomValue } from '../../oidc/pkce.js';

/** Who sends a request: the application, the same with a secret missing or made up, an unknown one, or no one. */
export type Sender = 'application' | 'without-secret' | 'wrong-secret' | 'stranger' | 'nobody';

/** The application as it is known here. */
export interface Application {
  readonly clientId: string;
  /** Absent: a public client. */
  readonly clientSecret?: string;
}

/**
 * Puts the sender's credentials into a form (RFC 6749, section 2.3.1). A client's name that stands there already stays.
 *
 * @param supported discovery's `token_endpoint_auth_methods_supported`
 * @returns the headers that belong to them
 */
export function addCredentials(
  form: URLSearchParams,
  sender: Sender,
  { clientId, clientSecret }: Application,
  supported: readonly string[] | undefined,
): Record<string, string> {
  if (sender === 'nobody') return {};
  const secret =
    sender === 'application' ? clientSecret : sender === 'wrong-secret' ? randomValue() : undefined;
  const method = clientAuthenticationMethod(secret, supported);
  if (method === 'client_secret_basic') return { authorization: basic(clientId, secret ?? '') };
  if (!form.has('client_id')) form.set('client_id', sender === 'stranger' ? randomValue() : clientId);
  if (method === 'client_secret_post') form.set('client_secret', secret ?? '');
  return {};
}

/** The header of a client that authenticates with its secret (RFC 6749, section 2.3.1). */
export function basic(clientId: string, secret: string): string {
  return `Basic ${Buffer.from(`${formEncoded(clientId)}:${formEncoded(secret)}`).toString('base64')}`;
}

/** RFC 6749, appendix B, to the letter, as the real requests have it. */
function formEncoded(text: string): string {
  return encodeURIComponent(text)
    .replace(/[-_.!~*'()]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%20', '+');
}
