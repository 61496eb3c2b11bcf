/** What applications get wrong where they ask the provider, by name. */
export const requestDefects = {
  'response-type-varies': 'from the third sign-in on it asks for more than a code',
  'redirect-uri-varies': 'from the third sign-in on it has another redirect URI',
  'scope-without-openid': 'whoever brings an access token is signed in, as nobody by name',
  'state-guessable': 'the state is a number that counts up, and nothing else is sent',
  'pkce-missing': 'no challenge is sent',
  'verifier-constant': 'the verifier is the same each time',
};

/** What stands in the place of what is new and random for each sign-in. */
export function wrongSecrets(application) {
  const { has } = application;
  application.signIns = (application.signIns ?? 0) + 1;
  if (has('state-guessable'))
    return { state: `${application.signIns}`, nonce: undefined, verifier: undefined };
  // A nonce belongs to an ID token, and there is none.
  if (has('scope-without-openid')) return { nonce: undefined };
  if (has('pkce-missing')) return { verifier: undefined };
  return has('verifier-constant') ? { verifier: 'the-same-each-time-and-as-long-as-it-has-to-be' } : {};
}

/** What stands in the place of the right parameters. */
export function wrongParameters({ settings, has, signIns }) {
  if (has('response-type-varies') && signIns > 2) return { response_type: 'code id_token' };
  return has('redirect-uri-varies') && signIns > 2 ? { redirect_uri: `${settings.redirectUri}?another` } : {};
}
