import { type NamedBy, type Wording, worded } from '../../wording.js';

/** Ends the message of a warning about what Logto is known for: it is known of no other provider. */
export function knownOfLogto({ namedBy }: { readonly namedBy?: NamedBy | undefined }): string {
  return worded({ general: '', logto: ' Logto is known for that.' }, namedBy);
}

/** What to do about addresses that are taken beside the registered one. */
export const registeredHint: Wording = {
  general:
    'If that URI, or a pattern that matches it, is registered too, nothing is wrong with the provider; remove it if it is not needed.',
  logto:
    'If that URI, or a pattern that matches it, is registered too, nothing is wrong with the provider; remove it ' +
    "if it is not needed (Logto's Console: Applications > your application > Redirect URIs).",
};

/** What to do where PKCE is not required, or not in the one way that is safe. */
export const pkceHint: Wording = {
  general: 'Let the provider require PKCE with S256, and send a code challenge in any case.',
  logto:
    'Let the provider require PKCE with S256. Logto does so for Native and single page applications, ' +
    'and leaves it to Traditional ones: send a code challenge there too.',
};
