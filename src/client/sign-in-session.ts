import { LogtoError } from '../errors.js';
import type { ProviderPlace } from '../oidc/issuer-url.js';

/** What a sign-in under way must remember until its callback: kept in the storage, so any process can handle it. */
export interface SignInSession extends ProviderPlace {
  readonly appId: string;
  readonly redirectUri: string;
  readonly state: string;
  readonly nonce: string;
  readonly codeVerifier: string;
  /** Seconds. */
  readonly maxAge?: number;
  readonly scopes: readonly string[];
  readonly resources: readonly string[];
}

/**
 * Reads a sign-in under way.
 *
 * @throws LogtoError `storage_corrupt`
 */
export function parseSignInSession(text: string): SignInSession {
  let session: Partial<SignInSession> | null = null;
  try {
    session = JSON.parse(text) as Partial<SignInSession> | null;
  } catch {
    // Told below, together with every other thing that is not a sign-in session.
  }
  const texts = [
    session?.issuer,
    session?.appId,
    session?.redirectUri,
    session?.state,
    session?.nonce,
    session?.codeVerifier,
  ];
  if (
    !texts.every((value) => typeof value === 'string') ||
    ![session?.scopes, session?.resources].every(isTexts) ||
    !['undefined', 'string'].includes(typeof session?.discoveryUrl) ||
    !['undefined', 'number'].includes(typeof session?.maxAge)
  ) {
    throw new LogtoError(
      'storage_corrupt',
      'The stored sign-in that was under way is damaged or foreign.',
      'Start the sign-in again.',
    );
  }
  return session as SignInSession;
}

function isTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}
