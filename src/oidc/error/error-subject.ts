/**
 * What a description of an error is about. Providers write it as they like, so only what is certain is believed: a
 * sentence that names one thing alone. The one of RFC 6749, section 5.2, that many repeat for every `invalid_grant`
 * names them all.
 */

/** What can be wrong with a grant. */
export type GrantFault = 'redirect-uri' | 'verifier' | 'client' | 'used' | 'expired' | 'user';

/** The words of a text in lower case, each with a blank on both sides; everything else is gone. Linear. */
function wordsIn(text: string): string {
  return ` ${text
    .toLowerCase()
    .split(/[^a-z0-9]/)
    .filter((word) => word !== '')
    .join(' ')} `;
}

/** Whether one of these phrases stands in a text, whatever quotes, hyphens and underscores are in it. */
export function mentions(text: string | null, ...phrases: readonly string[]): boolean {
  if (text === null) return false;
  const words = wordsIn(text);
  return phrases.some((phrase) => words.includes(` ${phrase} `));
}

const faults: Readonly<Record<GrantFault, readonly string[]>> = {
  'redirect-uri': [
    'redirect uri',
    'redirect uris',
    'redirecturi',
    'redirect url',
    'redirection uri',
    'reply address',
    'reply url',
    'callback url',
  ],
  verifier: ['code verifier', 'codeverifier', 'pkce', 'code challenge', 'verifier', 'proof key'],
  client: [
    'another client',
    'different client',
    'other client',
    'wrong client',
    'client mismatch',
    'clients don t match',
    'client don t match',
    'client id mismatch',
    'client id does not match',
    'client id does not correspond',
    'cannot be used by this client',
    'not issued to this client',
    'not issued for this client',
    'client ids do not match',
    'different application',
    'another application',
  ],
  used: [
    'already used',
    'already been used',
    'already redeemed',
    'already been redeemed',
    'used before',
    'used more than once',
    'reused',
    'already consumed',
    'been consumed',
  ],
  expired: ['expired', 'has expired', 'too old'],
  user: [
    'account disabled',
    'user disabled',
    'disabled user',
    'user account is disabled',
    'account is disabled',
    'user is disabled',
    'account locked',
    'user suspended',
    'user is suspended',
    'user is blocked',
    'user blocked',
    'user not found',
  ],
};

/** What a description names as the one fault of a grant; `null` where it names none, or more than one. */
export function faultOf(description: string | null): GrantFault | null {
  const named = new Set((description ?? '').split(/\. |[;\r\n]/).flatMap(faultOfSentence));
  const [fault = null] = named;
  return named.size === 1 ? fault : null;
}

function faultOfSentence(sentence: string): readonly GrantFault[] {
  const found = (Object.keys(faults) as GrantFault[]).filter((fault) => mentions(sentence, ...faults[fault]));
  return found.length === 1 && !isAlternative(sentence) ? found : [];
}

/** "invalid or expired" leaves open which. */
function isAlternative(sentence: string): boolean {
  return mentions(sentence, 'or expired', 'or has expired', 'expired or', 'either', 'or malformed');
}
