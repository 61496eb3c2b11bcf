/** A thing that can be wrong with an ID token, and what is said of it. */
export interface IdTokenRow {
  /** The last part of the check's id. */
  readonly name: string;
  readonly title: string;
  readonly clause: string;
  /** What the provider does, by name, and what the application is then given, within a sentence. */
  readonly faults: readonly (readonly [fault: string, what: string])[];
  /** `claim`: must be refused. The others are left to the application in part. */
  readonly kind: 'claim' | 'signature' | 'nonce' | 'issue-time';
  readonly hint: string;
}

const core = 'OpenID Connect Core 1.0, 3.1.3.7';

const verify =
  'Check the signature with the keys that the provider publishes: enableNonRepudiationChecks in openid-client, jwtVerify with createRemoteJWKSet in jose, PyJWKClient with decode in PyJWT.';
const nameAlgorithms =
  'Say which algorithms are taken, and let the token not choose: algorithms of jwtVerify in jose, of verify in jsonwebtoken, of decode in PyJWT.';
const nonceHint =
  'Keep the nonce with the sign-in that has begun, and refuse an ID token with another one or none: expectedNonce in openid-client.';

const none = (spelling: string) => [`alg-${spelling}`, `an unsigned ID token with alg=${spelling}`] as const;

/** What can be wrong, in the order of the report. */
export const idTokenRows: readonly IdTokenRow[] = [
  {
    name: 'missing',
    title: 'No ID token at all',
    clause: 'OpenID Connect Core 1.0, 3.1.3.5',
    kind: 'claim',
    faults: [['missing', 'a token answer without an ID token']],
    hint: 'Sign in by the ID token, and nobody without one: idTokenExpected in openid-client. An access token alone tells nothing about who has signed in, and to which application.',
  },
  {
    name: 'bad-signature',
    title: 'An ID token with a wrong signature',
    clause: `${core} (6)`,
    kind: 'signature',
    faults: [['bad-signature', 'an ID token with a wrong signature']],
    hint: verify,
  },
  {
    name: 'unknown-key',
    title: 'An ID token signed by a key that is not published',
    clause: `${core} (6)`,
    kind: 'signature',
    faults: [['unknown-key', 'an ID token signed by a key that is not published']],
    hint: `Where no published key has the kid, look the keys up once more, and then refuse. ${verify}`,
  },
  {
    name: 'alg-none',
    title: 'An ID token with alg=none, however it is spelled',
    clause: `${core} (7)`,
    kind: 'signature',
    faults: [none('none'), none('None'), none('NONE'), none('nOnE')],
    hint: nameAlgorithms,
  },
  {
    name: 'hs256-public-key',
    title: 'An ID token signed with the public key as a secret',
    clause: `${core} (7)`,
    kind: 'signature',
    faults: [
      [
        'hs256-public-key',
        'an ID token with alg=HS256, signed with the text of the published key as a secret',
      ],
    ],
    hint: nameAlgorithms,
  },
  {
    name: 'hs256-secret',
    title: 'An ID token signed with the secret of the application',
    clause: `${core} (7)`,
    kind: 'signature',
    faults: [['hs256-secret', 'an ID token with alg=HS256, signed with the secret of the application']],
    hint: `Whoever knows the secret of the application makes such tokens, and this provider does not. ${nameAlgorithms}`,
  },
  {
    name: 'issuer',
    title: 'An ID token of another issuer',
    clause: `${core} (2)`,
    kind: 'claim',
    faults: [['bad-issuer', 'an ID token of another issuer']],
    hint: 'Compare iss with the issuer, sign by sign: issuer of jwtVerify in jose and of decode in PyJWT.',
  },
  {
    name: 'audience',
    title: 'An ID token for another application, or for none',
    clause: `${core} (3)`,
    kind: 'claim',
    faults: [
      ['bad-audience', 'an ID token for another application'],
      ['no-audience', 'an ID token without an audience'],
    ],
    hint: 'Look for the ID of the application in aud: audience of jwtVerify in jose and of decode in PyJWT. Else whoever runs another application signs in here as the users of that one.',
  },
  {
    name: 'other-azp',
    title: 'An ID token for a further application, and issued to that one',
    clause: `${core} (3)`,
    kind: 'claim',
    faults: [['other-azp', 'an ID token that is for a further application too, and was issued to that one']],
    hint: 'Refuse an ID token whose aud names applications that are not trusted, and one whose azp is not the ID of the application.',
  },
  {
    name: 'expired',
    title: 'An ID token that is over',
    clause: `${core} (9)`,
    kind: 'claim',
    faults: [['expired', 'an ID token that was over an hour ago']],
    hint: 'Compare exp with the clock, give or take a minute or two: jose and PyJWT do, unless they are told not to.',
  },
  {
    name: 'future-iat',
    title: 'An ID token of tomorrow',
    clause: `${core} (10)`,
    kind: 'issue-time',
    faults: [['future-iat', 'an ID token that was issued tomorrow']],
    hint: 'Refuse an iat that is ahead by more than clocks differ: maxTokenAge of jwtVerify in jose does that too.',
  },
  {
    name: 'no-subject',
    title: 'An ID token about nobody',
    clause: 'OpenID Connect Core 1.0, 2',
    kind: 'claim',
    faults: [['no-subject', 'an ID token without sub']],
    hint: 'Refuse an ID token without sub: it is what a user is known by. requiredClaims of jwtVerify in jose, options={"require": ["sub"]} of decode in PyJWT.',
  },
  {
    name: 'wrong-nonce',
    title: 'An ID token with the nonce of another sign-in',
    clause: `${core} (11)`,
    kind: 'nonce',
    faults: [['bad-nonce', 'an ID token with the nonce of another sign-in']],
    hint: nonceHint,
  },
  {
    name: 'no-nonce',
    title: 'An ID token without the nonce that was sent',
    clause: `${core} (11)`,
    kind: 'nonce',
    faults: [['no-nonce', 'an ID token without the nonce that was sent']],
    hint: nonceHint,
  },
];
