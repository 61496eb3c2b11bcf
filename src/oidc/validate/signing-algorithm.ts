import { kindOf, quoted } from './value-kind.js';

/** What decides which algorithms may sign what a client is given (OpenID Connect Core 1.0, section 3.1.3.7 (7), (8)). */
export interface AlgorithmRules {
  /** What discovery lists; `undefined`: it has no such list. */
  readonly announced: readonly string[] | undefined;
  /** Absent or empty: a public client, for which nothing symmetric can be verified. */
  readonly clientSecret?: string | undefined;
}

/** Why an algorithm is not accepted. */
export interface AlgorithmProblem {
  /** Goes on where a sentence about the JWT begins. */
  readonly what: string;
  readonly hint: string;
  readonly facts: Readonly<Record<string, string | number | null | readonly string[]>>;
}

/** What a provider announces that announces nothing: what it has to support (OpenID Connect Discovery 1.0, section 3). */
const defaultAlgorithms: readonly string[] = ['RS256'];

/** The asymmetric algorithms among those that a provider announces: never `none`, never one that shares the secret. */
export function acceptableAlgorithms(announced: readonly string[] = defaultAlgorithms): string[] {
  return announced.filter(isAsymmetric);
}

/**
 * Every algorithm that may sign what this client is given: announced, and asymmetric or an HMAC with a secret that is
 * long enough (RFC 7518, section 3.2).
 */
export function trustedAlgorithms({
  announced = defaultAlgorithms,
  clientSecret = '',
}: AlgorithmRules): string[] {
  return announced.filter((name) => isAsymmetric(name) || isSecretLongEnough(name, clientSecret));
}

/** Whether an algorithm is one that some provider and client may agree on: whether it is worth asking what is announced. */
export function isSigningAlgorithm(alg: unknown): alg is string {
  return typeof alg === 'string' && (isAsymmetric(alg) || isSymmetric(alg));
}

/** Whether an algorithm is an HMAC, which the client verifies with its own secret. */
export function isSymmetric(alg: string): boolean {
  return secretBytesOf(alg) !== null;
}

/** The least bytes of a key for an HMAC: as many as its hash has (RFC 7518, section 3.2); `null` for other algorithms. */
export function secretBytesOf(alg: string): number | null {
  const [, bits] = /^HS(256|384|512)$/.exec(alg) ?? [];
  return bits === undefined ? null : Number(bits) / 8;
}

/** The bytes of a signature, where they do not depend on the key (RFC 7518, sections 3.2 and 3.4; RFC 8032); else `null`. */
export function signatureBytesOf(alg: unknown): number | null {
  switch (alg) {
    case 'ES256':
    case 'Ed25519':
      return 64;
    case 'ES384':
      return 96;
    case 'ES512':
      return 132;
    default:
      return typeof alg === 'string' ? secretBytesOf(alg) : null;
  }
}

/** Why an algorithm is not one of {@link trustedAlgorithms}; `null` for one that is. */
export function algorithmProblem(alg: unknown, rules: AlgorithmRules): AlgorithmProblem | null {
  const { announced = defaultAlgorithms, clientSecret = '' } = rules;
  const trusted = trustedAlgorithms(rules);
  if (typeof alg === 'string' && trusted.includes(alg)) return null;
  const letSign = letSignWith(acceptableAlgorithms(announced));
  const problem = (what: string, hint: string, more: AlgorithmProblem['facts'] = {}): AlgorithmProblem => ({
    what,
    hint,
    facts: { found: typeof alg === 'string' ? alg.slice(0, 40) : null, expected: trusted, ...more },
  });
  if (typeof alg !== 'string' || alg === '')
    return problem(`does not say how it is signed (alg is ${kindOf(alg)})`, letSign);
  if (alg.toLowerCase() === 'none') return problem(`is not signed (alg is ${quoted(alg, 40)})`, letSign);
  const name = quoted(alg, 40).slice(1, -1);
  const bytes = secretBytesOf(alg);
  if (!announced.includes(alg)) {
    const list = announced.slice(0, 20).join(', ') || 'nothing';
    const said =
      rules.announced === undefined
        ? 'the provider lists no algorithms, which stands for RS256'
        : `the provider announces ${list}`;
    return problem(`is signed with ${bytes === null ? '' : 'the symmetric '}${name}, and ${said}`, announce);
  }
  if (bytes === null) return problem(`is signed with ${name}, which this program cannot verify`, letSign);
  return clientSecret === ''
    ? problem(
        `is signed with the symmetric ${name}, which only an application with a secret can verify, and none is given`,
        `${letSign} If it has a secret, give it: LOGTO_APP_SECRET, or --app-secret-stdin.`,
      )
    : problem(
        `is signed with the symmetric ${name}, for which the secret of the application is too short: ${bytes} bytes are the least`,
        `Give the application a longer secret at the provider. Or: ${letSign}`,
        { secretBytesNeeded: bytes },
      );
}

/** What is announced already would be taken as soon as it signs. */
function letSignWith(algorithms: readonly string[]): string {
  const names = algorithms.length === 0 ? 'RS256 or ES256' : algorithms.slice(0, 3).join(' or ');
  return `Let the provider sign the ID tokens of this application with ${names} (id_token_signed_response_alg).`;
}

const announce =
  'Nothing was kept. The provider has to sign with an algorithm that its discovery document lists ' +
  '(id_token_signing_alg_values_supported), or to list this one.';

function isAsymmetric(name: string): boolean {
  return (
    /^((RS|PS|ES)(256|384|512)|EdDSA|Ed25519)$/.test(name) ||
    (/^ML-DSA-(44|65|87)$/.test(name) && isVerifiable(name))
  );
}

/** Octets of UTF-8 (OpenID Connect Core 1.0, section 10.1). */
function isSecretLongEnough(alg: string, secret: string): boolean {
  const bytes = secretBytesOf(alg);
  return bytes !== null && Buffer.byteLength(secret) >= bytes;
}

/** Whether Web Crypto here verifies by this algorithm: that of a Node.js which cannot even be asked does not. */
function isVerifiable(name: string): boolean {
  const { SubtleCrypto: subtle } = globalThis as {
    readonly SubtleCrypto?: { supports?: (operation: string, algorithm: string) => boolean };
  };
  return subtle?.supports?.('verify', name) ?? false;
}
