import { authenticateClient } from '../../oidc/client-authentication.js';
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
  const client = { clientId: sender === 'stranger' ? randomValue() : clientId, clientSecret: secret };
  return authenticateClient(form, client, supported);
}
