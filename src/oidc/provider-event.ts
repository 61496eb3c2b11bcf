import type { ProviderMetadata } from './provider-metadata.js';

/** What a check was about. */
export type CheckedMessage =
  | 'discovery document'
  | 'key set'
  | 'authorization response'
  | 'device authorization response'
  | 'token response'
  | 'access token'
  | 'ID token'
  | 'UserInfo response';

/** One comparison that was really made, and how it ended. */
export interface ProtocolCheck {
  readonly kind: 'check';
  readonly of: CheckedMessage;
  /** What must hold, in a few words. */
  readonly what: string;
  /** The specification and the section that ask for it. */
  readonly clause: string;
  readonly passed: boolean;
}

/** Something between us and a provider that no request shows. */
export type ProviderEvent =
  | ProtocolCheck
  /** The discovery document is asked for at an address that somebody set: nothing else tells that it is there. */
  | { readonly kind: 'document'; readonly url: string }
  /** A discovery document is used from here on; `isCached`: one that was fetched earlier. */
  | { readonly kind: 'metadata'; readonly metadata: ProviderMetadata; readonly isCached: boolean }
  /** A message that goes through the browser, whole: with its code, state and nonce. */
  | {
      readonly kind: 'browser';
      readonly message: 'authorization request' | 'authorization response' | 'end session request';
      readonly url: string;
    };

/** Is told what happens, as it happens. Must not throw, and cannot change anything. */
export type ProviderObserver = (event: ProviderEvent) => void;

/** Tells whoever observes how a check ended, and returns that. */
export type Verify = (what: string, clause: string, passed: boolean) => boolean;

/** The {@link Verify} of one message. */
export function verifying(observe: ProviderObserver | undefined, of: CheckedMessage): Verify {
  return (what, clause, passed) => {
    observe?.({ kind: 'check', of, what, clause, passed });
    return passed;
  };
}
