import { LogtoError } from '../../errors.js';
import type { JsonObject } from '../../oidc/http-answer.js';
import { acceptableAlgorithms, trustedAlgorithms } from '../../oidc/validate/signing-algorithm.js';
import type { CheckResult } from '../run/check.js';
import { passed, resultOf } from '../run/check-results.js';
import { correctProvider, failed, knownAtLogto, warning } from '../run/claused-check.js';
import type { TestedProvider } from '../tested-provider.js';
import type { CheckWithoutUser } from './check-without-user.js';

interface Row {
  readonly id: string;
  readonly title: string;
  readonly clause: string;
  readonly judge: (document: JsonObject, subject: TestedProvider) => CheckResult;
}

const rows: readonly Row[] = [
  {
    id: 'discovery.required',
    title: 'Required metadata',
    clause: 'OpenID Connect Discovery 1.0, 3',
    judge: (document) => {
      const names = [
        'response_types_supported',
        'subject_types_supported',
        'id_token_signing_alg_values_supported',
      ];
      const missing = names.filter((name) => wordsIn(document, name).length === 0);
      return missing.length === 0
        ? passed('all there')
        : failed(`The discovery document has no ${missing.join(', no ')}.`, correctProvider);
    },
  },
  {
    id: 'discovery.code-flow',
    title: 'Code flow offered',
    clause: 'OpenID Connect Discovery 1.0, 3',
    judge: (document) => {
      const types = wordsIn(document, 'response_types_supported');
      const grants = document['grant_types_supported'] ?? ['authorization_code', 'implicit'];
      const offered =
        types.includes('code') && Array.isArray(grants) && grants.includes('authorization_code');
      return offered || types.length === 0
        ? passed('code, for authorization_code')
        : failed(
            'The discovery document does not list the authorization code flow (response_types_supported, grant_types_supported).',
            correctProvider,
          );
    },
  },
  {
    id: 'discovery.id-token-algorithms',
    title: 'Algorithms of ID tokens',
    clause: 'OpenID Connect Discovery 1.0, 3',
    judge: (document, subject) => {
      const announced = wordsIn(document, 'id_token_signing_alg_values_supported');
      const names = announced.join(', ');
      if (acceptableAlgorithms(announced).length === 0) {
        if (trustedAlgorithms(subject.rulesFor(announced)).length > 0) {
          return warning(
            `The provider announces no algorithm with public keys: ${names}. This application verifies by its secret.`,
            'Nothing to do here; an application without a secret cannot trust its ID tokens.',
          );
        }
        const hint = 'Let the provider sign ID tokens with RS256, ES256 or another asymmetric algorithm.';
        return failed(
          `The discovery document lists no algorithm with public keys: ${names || 'nothing'}.`,
          hint,
        );
      }
      if (announced.includes('none')) {
        return warning(
          `The provider announces ID tokens without a signature: ${names}.`,
          'Applications must not take them.',
        );
      }
      return announced.includes('RS256')
        ? passed(names)
        : knownAtLogto(
            `RS256 must be among the algorithms of ID tokens, and is not: ${names}.`,
            'Nothing to do, as long as your libraries know the algorithm.',
          );
    },
  },
  {
    id: 'discovery.pkce',
    title: 'PKCE announced',
    clause: 'RFC 8414, 2; RFC 9700, 2.1.1',
    judge: (document) => {
      const methods = wordsIn(document, 'code_challenge_methods_supported');
      if (methods.length === 0) {
        return warning(
          'The discovery document does not list PKCE (code_challenge_methods_supported).',
          'Some libraries use PKCE only where it is announced.',
        );
      }
      if (!methods.includes('S256'))
        return failed(`The discovery document lists ${methods.join(', ')}, and not S256.`, correctProvider);
      return methods.includes('plain')
        ? warning(`The method plain is announced too: ${methods.join(', ')}.`, 'Turn it off at the provider.')
        : passed(methods.join(', '));
    },
  },
  {
    id: 'discovery.response-issuer',
    title: 'Issuer in responses announced',
    clause: 'RFC 9207, 3; RFC 9700, 2.1',
    judge: (document) =>
      document['authorization_response_iss_parameter_supported'] === true
        ? passed('announced')
        : warning(
            'The discovery document does not say that authorization responses name their issuer (iss).',
            'An application that knows several providers needs another defence against mix-up attacks.',
          ),
  },
];

/** The discovery document is there, can be trusted, and says what a sign-in needs. */
export const discoveryChecks: readonly CheckWithoutUser[] = [
  {
    id: 'discovery.document',
    title: 'Discovery document',
    clause: 'OpenID Connect Discovery 1.0, 4.2',
    run: async (subject) => {
      const { contentType } = await subject.discovery();
      return /^application\/([\w.-]+\+)?json\b/i.test(contentType)
        ? passed('found')
        : warning(
            `The discovery document is no application/json: ${contentType || 'nothing is said'}.`,
            correctProvider,
          );
    },
  },
  {
    id: 'discovery.issuer',
    title: 'Issuer',
    clause: 'OpenID Connect Discovery 1.0, 4.3',
    needs: ['discovery.document'],
    run: async (subject) => {
      const { document } = await subject.discovery();
      // The other faults of the document have their own check.
      const refusal = await subject.metadata().then(() => null, asLogtoError);
      return refusal !== null && document['issuer'] !== subject.issuer
        ? resultOf(refusal)
        : passed(subject.place);
    },
  },
  {
    id: 'discovery.endpoints',
    title: 'Endpoints with TLS',
    clause: 'OpenID Connect Discovery 1.0, 3; RFC 6749, 3.1 and 3.2',
    needs: ['discovery.issuer'],
    run: async (subject) => {
      await subject.metadata();
      return passed(subject.issuer.startsWith('https:') ? 'all https' : 'all on this machine, or https');
    },
  },
  ...rows.map(({ judge, ...row }) => ({
    ...row,
    needs: ['discovery.endpoints'],
    run: async (subject: TestedProvider) => judge((await subject.discovery()).document, subject),
  })),
];

function wordsIn(document: JsonObject, name: string): string[] {
  const value = document[name];
  return Array.isArray(value) ? value.filter((word) => typeof word === 'string') : [];
}

function asLogtoError(error: unknown): LogtoError {
  if (error instanceof LogtoError) return error;
  throw error;
}
