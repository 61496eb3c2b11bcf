import { exitCodeOf, LogtoError } from '../../../errors.js';
import { invalidAnswer, type JsonObject, type Subject } from '../../../oidc/http-answer.js';
import { fetchKeySet } from '../../../oidc/validate/key-set.js';
import {
  acceptableAlgorithms,
  algorithmProblem,
  isSymmetric,
  trustedAlgorithms,
} from '../../../oidc/validate/signing-algorithm.js';
import {
  isForSigning,
  isKnownKeyType,
  isWholeKey,
  servesAlgorithm,
} from '../../../oidc/validate/signing-key.js';
import { counted } from '../../../wording.js';
import type { CheckResult } from '../../run/check.js';
import { passed, resultOf, resultOfNetworkError } from '../../run/check-results.js';
import type { DoctorCheck } from '../doctor-check.js';
import type { DoctorSubject } from '../doctor-subject.js';

/** The key set (RFC 7517) holds a key that an ID token can be verified with, by an algorithm that the provider announces. */
export const keys: DoctorCheck = {
  id: 'provider.keys',
  title: 'Keys',
  needs: ['provider.discovery'],
  run: async (subject) => {
    const { jwks_uri: url, id_token_signing_alg_values_supported: announced } = await subject.metadata();
    const about: Subject = {
      name: `The key set ${url}`,
      code: 'jwks_invalid',
      hint,
      now: subject.runtime.now,
    };
    try {
      if (acceptableAlgorithms(announced).length === 0) return await judgeSecret(subject, announced, about);
      const { keys } = await fetchKeySet(await subject.fetch(), url, about);
      return judgeKeys(keys, announced, about);
    } catch (error) {
      if (!(error instanceof LogtoError)) throw error;
      return exitCodeOf(error) === 7 ? resultOfNetworkError(error) : resultOf(error);
    }
  },
};

const hint = 'Open that address: it must answer with the JSON keys of the provider, which has to correct it.';

/** Where nothing asymmetric is announced, the secret of the application has to do (OpenID Connect Core 1.0, section 10.1). */
async function judgeSecret(
  subject: DoctorSubject,
  announced: readonly string[] | undefined,
  about: Subject,
): Promise<CheckResult> {
  const symmetric = (announced ?? []).filter(isSymmetric);
  if (symmetric.length === 0) {
    const names = announced?.join(', ') || 'nothing';
    throw invalidAnswer(about, `cannot serve: the provider announces ${names}, and no algorithm of a key`);
  }
  const clientSecret = await subject.clientSecret();
  const trusted = trustedAlgorithms({ announced: symmetric, clientSecret });
  if (trusted.length > 0)
    return passed(`none is needed: the application's secret is one for ${trusted.join(', ')}`);
  const problem = algorithmProblem(symmetric[0], { announced: symmetric, clientSecret });
  return {
    outcome: 'failed',
    code: 'jwks_invalid',
    message: `The provider announces ${symmetric.join(', ')} alone, so that every ID token ${problem?.what}.`,
    hint: problem?.hint ?? hint,
  };
}

function judgeKeys(
  found: readonly JsonObject[],
  announced: readonly string[] | undefined,
  about: Subject,
): CheckResult {
  const algorithms = acceptableAlgorithms(announced);
  const signing = found.filter(isForSigning);
  const broken = signing.filter((key) => isKnownKeyType(key) && !isWholeKey(key));
  const served = algorithms.filter((name) =>
    signing.some((key) => !broken.includes(key) && servesAlgorithm(key, name)),
  );
  if (served.length === 0) {
    const names = algorithms.join(', ');
    throw invalidAnswer(
      about,
      found.length === 0
        ? `is empty: nothing is there to verify ${names} with`
        : `has ${counted(found.length, 'key')}, and none that can be used for ${names}`,
    );
  }
  if (broken.length > 0) {
    return {
      outcome: 'warning',
      code: 'jwks_invalid',
      message: `${about.name} has ${counted(found.length, 'key')}, of which ${broken.length} cannot be read. Others serve ${served.join(', ')}.`,
      hint: 'Tokens signed with a broken key are refused: remove it, or correct it at the provider.',
    };
  }
  const serving = signing.filter((key) => served.some((name) => servesAlgorithm(key, name)));
  const others = signing.length - serving.length;
  return passed(
    `${serving.length} for ${served.join(', ')}${others > 0 ? `, and ${others} for something else` : ''}`,
  );
}
