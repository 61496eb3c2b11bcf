import type { JsonObject } from '../json-object.js';
import { isSymmetric } from '../validate/signing-algorithm.js';
import { kindOf, quoted } from '../validate/value-kind.js';
import { fails, holds, isOpen, type TokenCheck } from './token-check.js';

const letSign = 'Let the provider sign access tokens for this API with its key (RS256, ES256…).';

/** How a token is signed (RFC 8725, sections 3.1 and 3.2), and that its header asks for nothing unknown. */
export function checkAlgorithm({ alg, crit }: JsonObject): readonly TokenCheck[] {
  const what = 'alg is one for which a public key is enough';
  const clause = 'RFC 8725, 3.1 and 3.2; RFC 9068, 4';
  const extensions =
    crit === undefined
      ? []
      : [
          fails(
            'crit',
            'crit asks for nothing unknown',
            'RFC 7515, 4.1.11',
            `It asks for extensions (crit: ${quoted(crit)}), and whoever does not know them has to refuse it.`,
            'Let the provider leave crit out of its access tokens.',
          ),
        ];
  return [algorithm(), ...extensions];

  function algorithm(): TokenCheck {
    if (typeof alg !== 'string' || alg === '')
      return fails('alg', what, clause, `It does not say how it is signed (alg is ${kindOf(alg)}).`, letSign);
    const name = quoted(alg, 40).slice(1, -1);
    if (alg.toLowerCase() === 'none')
      return fails(
        'alg',
        what,
        clause,
        `It is not signed (alg is ${name}): anybody could have written it.`,
        letSign,
      );
    return isSymmetric(alg)
      ? fails(
          'alg',
          what,
          clause,
          `It is signed with the symmetric ${name}: only who has the secret can verify it, and whoever has that could have written it.`,
          letSign,
        )
      : holds('alg', what, clause, name);
  }
}

/** What kind of JWT it is (RFC 9068, sections 2.1 and 4; RFC 8725, section 3.11): an ID token is none for an API. */
export function checkType({ typ }: JsonObject, claims: JsonObject, appId: string | undefined): TokenCheck {
  const what = 'typ is at+jwt';
  const clause = 'RFC 9068, 4; RFC 8725, 3.11';
  if (/^(application\/)?at\+jwt$/i.test(String(typ))) return holds('typ', what, clause);
  const mark = markOfIdToken(claims);
  const hint =
    'Send an access token: logto-cli token --resource <uri>. The ID token tells the application who signed in, and opens no API.';
  if (mark !== null) return fails('typ', what, clause, `It is an ID token: it has ${mark}.`, hint);
  const isGeneral = typ === undefined || (typeof typ === 'string' && typ.toUpperCase() === 'JWT');
  if (!isGeneral) {
    const message = `It is another kind of JWT: its typ is ${quoted(typ, 40)}.`;
    return fails('typ', what, clause, message, 'Send an access token: logto-cli token --resource <uri>');
  }
  const said = `It does not say what kind of JWT it is (typ is ${typ === undefined ? 'missing' : quoted(typ, 40)}).`;
  const isForApp =
    appId !== undefined && claims['aud'] === appId && !('scope' in claims) && !('scp' in claims);
  const guess = isForApp
    ? ` It is for the application itself (aud) and has no scope, as an ID token: send logto-cli token --resource <uri> instead.`
    : ' An API that keeps RFC 9068 refuses it; many APIs do not look.';
  return isOpen('typ', what, clause, said + guess);
}

/** By what an ID token is known for certain, after "it has"; `null` where nothing tells. */
function markOfIdToken(claims: JsonObject): string | null {
  const only = ['nonce', 'at_hash', 'c_hash'].find((name) => name in claims);
  if (only !== undefined) return `the claim ${only}, which only ID tokens have`;
  if (claims['typ'] === 'ID') return 'the claim typ "ID", as those of Keycloak';
  return claims['token_use'] === 'id' ? 'the claim token_use "id", as those of Cognito' : null;
}
