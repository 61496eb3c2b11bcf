import type { JsonObject } from '../../oidc/http-answer.js';
import { acceptableAlgorithms } from '../../oidc/validate/signing-algorithm.js';
import {
  isForSigning,
  isKnownKeyType,
  isWholeKey,
  servesAlgorithm,
} from '../../oidc/validate/signing-key.js';
import { counted } from '../../wording.js';
import type { CheckResult } from '../run/check.js';
import { passed, skipped } from '../run/check-results.js';
import { correctProvider, failed, warning } from '../run/claused-check.js';
import type { CheckWithoutUser } from './check-without-user.js';

interface Row {
  readonly id: string;
  readonly title: string;
  readonly clause: string;
  readonly needs?: readonly string[];
  readonly judge: (keys: readonly JsonObject[], algorithms: readonly string[]) => CheckResult;
}

const rows: readonly Row[] = [
  {
    id: 'keys.public',
    title: 'No private keys published',
    clause: 'OpenID Connect Discovery 1.0, 3 (jwks_uri)',
    judge: (keys) => {
      const leaked = keys.filter(
        (key) => key['kty'] === 'oct' || ['d', 'p', 'q', 'k'].some((name) => name in key),
      );
      return leaked.length === 0
        ? passed('public parts only')
        : jwksInvalid(
            `Published with a private part: ${leaked.length} of ${counted(keys.length, 'key')}. Whoever read that can sign tokens.`,
            'Replace these keys at once, and publish public parts only.',
          );
    },
  },
  {
    id: 'keys.ids',
    title: 'Key IDs',
    clause: 'OpenID Connect Core 1.0, 10.1; RFC 7517, 4.5',
    judge: (keys) => {
      const signing = keys.filter(isForSigning);
      const ids = signing.map(({ kid, kty }) => (typeof kid === 'string' ? `${kty} ${kid}` : null));
      if (signing.length > 1 && ids.includes(null)) {
        return jwksInvalid('There are several keys, and not all have a kid.', correctProvider);
      }
      if (signing.length === 0) return passed('no key is for signatures');
      if (ids.includes(null)) return passed('one key is for signatures, and needs no kid');
      return new Set(ids).size === ids.length
        ? passed(`for signatures: ${signing.length} of ${keys.length}, each with a kid of its own`)
        : jwksInvalid('Several keys of one type share their kid.', correctProvider);
    },
  },
  {
    id: 'keys.strength',
    title: 'Keys are whole',
    clause: 'RFC 7518, 3.3 and 6',
    judge: (keys) => {
      const broken = keys.filter((key) => isForSigning(key) && isKnownKeyType(key) && !isWholeKey(key));
      if (broken.length === 0) return passed('each can be read');
      const hint = 'Verifiers refuse what such a key signs: remove it, or correct it at the provider.';
      return jwksInvalid(
        `Not to be read, or RSA under 2048 bits: ${broken.length} of ${counted(keys.length, 'key')}.`,
        hint,
      );
    },
  },
  {
    id: 'keys.algorithms',
    title: 'A key for each algorithm',
    needs: ['discovery.id-token-algorithms'],
    clause: 'OpenID Connect Core 1.0, 10.1',
    judge: (keys, algorithms) => {
      if (algorithms.length === 0) return skipped('No algorithm with public keys is announced.');
      const signing = keys.filter(isForSigning);
      const served = algorithms.filter((name) => signing.some((key) => servesAlgorithm(key, name)));
      const unserved = algorithms.filter((name) => !served.includes(name));
      if (served.length === 0) {
        return jwksInvalid(`No key serves ${algorithms.join(', ')}.`, correctProvider);
      }
      return unserved.length === 0
        ? passed(served.join(', '))
        : warning(
            `No key serves ${unserved.join(', ')}, though announced. Others serve ${served.join(', ')}.`,
            'Announce only the algorithms that ID tokens are signed with.',
          );
    },
  },
];

/** The key set is there, and ID tokens can be verified with it. */
export const keyChecks: readonly CheckWithoutUser[] = [
  {
    id: 'keys.document',
    title: 'Key set',
    clause: 'RFC 7517, 5',
    needs: ['discovery.endpoints'],
    run: async (subject) => {
      const keys = await subject.keys();
      if (keys.length > 0) return passed(`keys: ${keys.length}`);
      const { id_token_signing_alg_values_supported: announced } = await subject.metadata();
      return acceptableAlgorithms(announced).length > 0
        ? jwksInvalid('The key set is empty.', correctProvider)
        : passed('it is empty, and no algorithm with public keys is announced');
    },
  },
  ...rows.map(({ judge, needs = [], ...row }) => ({
    ...row,
    needs: ['keys.document', ...needs],
    run: async (subject: Parameters<CheckWithoutUser['run']>[0]) => {
      const { id_token_signing_alg_values_supported: announced } = await subject.metadata();
      return judge(await subject.keys(), acceptableAlgorithms(announced));
    },
  })),
];

function jwksInvalid(message: string, hint: string): CheckResult {
  return { ...failed(message, hint), code: 'jwks_invalid' };
}
