/** What is wrong with an authorization response (RFC 6749, section 4.1.2; RFC 9207). */
export const responseFaults = [
  'no-state',
  'wrong-state',
  'repeated-state',
  'no-iss',
  'other-iss',
  'no-code',
  'repeated-code',
] as const;
/** One of these faults. */
export type ResponseFault = (typeof responseFaults)[number];

/** What is wrong with the claims of an ID token, whose signature is sound; `audience-list` is not as usual, and sound. */
export const claimFaults = [
  'bad-nonce',
  'no-nonce',
  'bad-audience',
  'no-audience',
  'audience-list',
  'other-azp',
  'bad-issuer',
  'expired',
  'future-iat',
  'no-subject',
  'other-subject',
] as const;
/** One of these faults. */
export type ClaimFault = (typeof claimFaults)[number];

/** What is wrong with the signature of a JWT, whose claims are sound. */
export const signatureFaults = [
  'bad-signature',
  'unknown-key',
  'no-kid',
  'alg-none',
  'alg-None',
  'alg-NONE',
  'alg-nOnE',
  'hs256-public-key',
  'hs256-secret',
] as const;
/** One of these faults. */
export type SignatureFault = (typeof signatureFaults)[number];

/** How far the provider's clock is off. */
export type ClockFault = `${'+' | '-'}${number}${'s' | 'm' | 'h' | 'd'}`;

/**
 * What is wrong with a logout token. `no-subject`: it names neither a user nor a session. `replayed`: it is the one that
 * was sent before in the same visit.
 */
export const logoutTokenFaults = [
  'bad-signature',
  'alg-none',
  'bad-audience',
  'bad-issuer',
  'no-events',
  'with-nonce',
  'no-subject',
  'expired',
  'replayed',
] as const;
/** One of these faults. */
export type LogoutTokenFault = (typeof logoutTokenFaults)[number];
