import type { JsonObject } from '../http-answer.js';
import { hasBraces } from '../issuer-template.js';
import { curveOf, isForSigning, leastModulusLength, modulusLengthOf } from './signing-key.js';
import { kindOf, quoted } from './value-kind.js';

/** Whose token it is, of those that share a key set. */
export interface SharedKeys {
  /** The issuer as discovery has it: a template, where several share the keys. */
  readonly template: string;
  /** The one that has to have issued the token. */
  readonly issuer: string;
}

/** Why no key of a key set can verify a JWT. */
export interface KeyProblem {
  /** `absent`: none is meant. `broken`: the one that is meant cannot be read. `unfit`: everything else. */
  readonly kind: 'absent' | 'broken' | 'unfit';
  /** Goes on where a sentence about the JWT begins. */
  readonly what: string;
  readonly hint: string;
  readonly facts: Readonly<Record<string, string | null | readonly string[]>>;
}

/**
 * The one key that verifies a JWT with this header (OpenID Connect Core 1.0, section 10.1; RFC 7515, section 6): by its
 * name, which only a set without a second such key may leave out; of the type, use, algorithm and curve of `alg`.
 *
 * @param shared by whom, where several issuers have these keys
 */
export function selectKey(
  { alg, kid }: JsonObject,
  keys: readonly JsonObject[],
  shared?: SharedKeys,
): { readonly key: JsonObject } | { readonly problem: KeyProblem } {
  const algorithm = String(alg);
  const problem = (kind: KeyProblem['kind'], what: string, hint: string) => ({
    problem: {
      kind,
      what,
      hint,
      facts: {
        found: typeof kid === 'string' ? kid.slice(0, 60) : null,
        expected: keys.slice(0, 20).map((key) => String(key['kid'] ?? '').slice(0, 60)),
      },
    },
  });
  if (keys.length === 0)
    return problem('absent', 'is signed, and the provider publishes no key (JWKS)', publish);
  if (kid !== undefined && typeof kid !== 'string')
    return problem('unfit', `names its key by a kid that is ${kindOf(kid)}, where text is due`, correct);
  const named = keys.filter((key) => kid === undefined || key['kid'] === kid);
  if (named.length === 0) {
    return problem(
      'absent',
      `is signed with the key ${quoted(kid ?? '', 60)}, which is not in the key set of the provider (JWKS)`,
      publish,
    );
  }
  const fitting = named.filter((key) => misfit(key, algorithm, shared) === null);
  const [key] = fitting;
  if (key === undefined) {
    if (kid === undefined)
      return problem(
        'absent',
        `is signed with ${algorithm} and names no key (kid), and no key of the provider serves that`,
        publish,
      );
    const [first = {}] = named;
    return problem(
      'unfit',
      `is signed with the key ${quoted(kid, 60)}, which ${misfit(first, algorithm, shared)}`,
      correct,
    );
  }
  if (fitting.length > 1) {
    return kid === undefined
      ? problem(
          'unfit',
          `does not name its key (kid), and ${fitting.length} keys of the provider serve ${algorithm}`,
          nameKeys,
        )
      : problem(
          'unfit',
          `is signed with the key ${quoted(kid, 60)}, and the provider has ${fitting.length} keys of that name`,
          nameKeys,
        );
  }
  const name = kid === undefined ? 'the only key' : `the key ${quoted(kid, 60)}`;
  const bits = modulusLengthOf(key);
  if (bits === null)
    return problem('broken', `is signed with ${name} of the provider, which is broken`, correct);
  return bits < leastModulusLength
    ? problem(
        'unfit',
        `is signed with ${name} of the provider, which is too short: ${bits} bits, where ${leastModulusLength} are the least`,
        longer,
      )
    : { key };
}

const publish =
  'Nothing was kept. The provider has to publish that key at its jwks_uri; a cache before it may be old.';
const correct =
  'Nothing was kept. The provider has to correct the keys at its jwks_uri, or what it signs with.';
const nameKeys =
  'Nothing was kept. The provider has to give each key a kid of its own, and to name it in what it signs.';
const longer = 'Nothing was kept. The provider has to sign with an RSA key of 2048 bits or more.';

/**
 * Whether a key is not one of the issuer that a token is of. In a set that several issuers share, Microsoft Entra says of
 * each key whose it is; elsewhere `issuer` is no member of a JWK, and means nothing (RFC 7517, section 4).
 */
function isOfAnother({ issuer: owner }: JsonObject, shared: SharedKeys | undefined): boolean {
  if (shared === undefined || !hasBraces(shared.template) || owner === undefined) return false;
  return owner !== shared.template && owner !== shared.issuer;
}

/** Why a key does not serve an algorithm (RFC 7517, section 4; RFC 7518, section 3.1), after "which"; `null`: it does. */
function misfit(key: JsonObject, algorithm: string, shared: SharedKeys | undefined): string | null {
  const { kty, use, alg, crv } = key;
  const due = keyTypeOf(algorithm);
  if (kty === undefined) return `names no type (kty), where ${algorithm} needs ${due}`;
  if (kty !== due) return `is of the type ${shown(kty)}, where ${algorithm} needs ${due}`;
  if (!isForSigning(key))
    return use === undefined || use === 'sig'
      ? 'is not to verify with (key_ops)'
      : `is not for signatures (its use is ${shown(use)})`;
  if (alg !== undefined && alg !== algorithm)
    return `is for ${shown(alg)} alone (its alg), and not for ${algorithm}`;
  if (isOfAnother(key, shared)) return `is for tokens of ${shown(key['issuer'])} alone (its issuer)`;
  const curve = curveOf(algorithm);
  return curve !== null && crv !== curve
    ? `is on the curve ${shown(crv)}, where ${algorithm} needs ${curve}`
    : null;
}

function shown(value: unknown): string {
  return typeof value === 'string' && value !== '' ? quoted(value, 40).slice(1, -1) : kindOf(value);
}

function keyTypeOf(algorithm: string): string {
  if (/^[RP]S/.test(algorithm)) return 'RSA';
  if (algorithm.startsWith('ES')) return 'EC';
  return algorithm.startsWith('Ed') ? 'OKP' : 'AKP';
}
