import {
  type AuthenticationMetadata,
  authenticateClient,
  type ClientIdentity,
  madeUpClient,
} from '../../oidc/client-authentication.js';
import { randomValue } from '../../oidc/pkce.js';

/** Who sends a request: the application, the same with a proof missing or made up, an unknown one, or no one. */
export type Sender = 'application' | 'without-secret' | 'wrong-secret' | 'stranger' | 'nobody';

/**
 * Puts the sender's credentials into a form (RFC 6749, section 2.3.1). A client's name that stands there already stays.
 *
 * @param now milliseconds since 1970
 * @returns the headers that belong to them
 */
export function addCredentials(
  form: URLSearchParams,
  sender: Sender,
  application: ClientIdentity,
  metadata: AuthenticationMetadata,
  now: number,
): Record<string, string> {
  if (sender === 'nobody') return {};
  return authenticateClient(form, senderOf(sender, application, metadata), metadata, now);
}

function senderOf(
  sender: Exclude<Sender, 'nobody'>,
  application: ClientIdentity,
  metadata: AuthenticationMetadata,
): ClientIdentity {
  switch (sender) {
    case 'application':
      return application;
    case 'wrong-secret':
      return madeUpClient(application, metadata);
    case 'without-secret':
      return { clientId: application.clientId, authentication: 'none' };
    case 'stranger':
      return { clientId: randomValue(), authentication: 'none' };
  }
}
