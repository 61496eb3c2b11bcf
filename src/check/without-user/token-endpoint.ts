import { authenticationOf } from '../../oidc/client-authentication.js';
import { randomValue } from '../../oidc/pkce.js';
import { madeUpParameters } from '../../oidc/probe/made-up-request.js';
import type { CheckResult } from '../run/check.js';
import { passed, skipped } from '../run/check-results.js';
import { correctProvider, failed, unclear, warning } from '../run/claused-check.js';
import type { TestedProvider } from '../tested-provider.js';
import type { CheckWithoutUser } from './check-without-user.js';
import { clientAuthentication } from './client-itself.js';
import type { Answer } from './endpoint-answer.js';

/** A request that the token endpoint has to refuse. */
interface Row {
  readonly id: string;
  readonly title: string;
  readonly clause: string;
  /** What is sent, within a sentence. */
  readonly what: string;
  readonly ask: (subject: TestedProvider) => Promise<Answer>;
  /** The errors that are due. */
  readonly due: readonly string[];
  /** Errors of somebody who has taken what should have been refused. */
  readonly tooLate?: readonly string[];
  /** Refusals of what is made up in the request, which may come before the point is looked at. */
  readonly early?: readonly string[];
  /** Shows by its refusal that nothing made up is looked at before the point: then `early` errors are too late ones. */
  readonly proof?: (subject: TestedProvider) => Promise<Answer>;
  /** Why it does not apply. */
  readonly unless?: (subject: TestedProvider) => string | false | Promise<string | false>;
}

const isPublic = ({ hasSecret }: TestedProvider) => !hasSecret && 'The application has no secret.';
const withoutCodes = async (subject: TestedProvider) => {
  const reason = await subject.withoutBrowser();
  return reason !== null && `Not used: ${reason}.`;
};
const deviceGrant = 'urn:ietf:params:oauth:grant-type:device_code';

/** What somebody hears first who may not use a grant; Logto says so with `invalid_request`. */
const withoutGrant = ['unauthorized_client', 'unsupported_grant_type', 'invalid_request'];

const clientRows: readonly Row[] = [
  {
    id: 'client.wrong-secret',
    title: 'A wrong secret',
    clause: 'RFC 6749, 5.2',
    what: 'a made-up secret',
    ask: (subject) => subject.wrongSecret(),
    due: ['invalid_client'],
    early: ['invalid_grant'],
    proof: (subject) => subject.withoutSecret(),
    unless: isPublic,
  },
  {
    id: 'client.no-secret',
    title: 'No secret',
    clause: 'RFC 6749, 3.2.1',
    what: 'the application without its secret',
    ask: (subject) => subject.withoutSecret(),
    due: ['invalid_client'],
    early: ['invalid_grant'],
    proof: (subject) => subject.wrongSecret(),
    unless: isPublic,
  },
];

const tokenRows: readonly Row[] = [
  {
    id: 'token.code',
    title: 'A made-up code',
    clause: 'RFC 6749, 5.2',
    what: 'a made-up code',
    ask: (subject) => subject.madeUpCode(),
    due: ['invalid_grant'],
    unless: withoutCodes,
  },
  {
    id: 'token.refresh-token',
    title: 'A made-up refresh token',
    clause: 'RFC 6749, 5.2 and 6',
    what: 'a made-up refresh token',
    ask: (subject) =>
      subject.post('token_endpoint', { grant_type: 'refresh_token', refresh_token: randomValue() }),
    due: ['invalid_grant', ...withoutGrant],
  },
  {
    id: 'token.device-code',
    title: 'A made-up device code',
    clause: 'RFC 8628, 3.5',
    what: 'a made-up device code',
    ask: (subject) => subject.post('token_endpoint', { grant_type: deviceGrant, device_code: randomValue() }),
    due: ['invalid_grant', 'expired_token', ...withoutGrant],
  },
  {
    id: 'token.password',
    title: 'The password grant',
    clause: 'RFC 9700, 2.4',
    what: 'the password grant',
    ask: (subject) =>
      subject.post('token_endpoint', {
        grant_type: 'password',
        username: randomValue(),
        password: randomValue(),
      }),
    due: ['unsupported_grant_type', 'unauthorized_client', 'invalid_request'],
    // Whoever takes no such grant may still look for the user first.
    early: ['invalid_grant'],
  },
  {
    id: 'token.unknown-grant',
    title: 'An unknown grant type',
    clause: 'RFC 6749, 5.2',
    what: 'a grant type that nobody knows',
    ask: (subject) => subject.post('token_endpoint', { grant_type: 'logto-cli-test' }),
    due: ['unsupported_grant_type'],
  },
  {
    id: 'token.no-grant',
    title: 'No grant type',
    clause: 'RFC 6749, 5.2',
    what: 'a request without a grant type',
    ask: (subject) => subject.post('token_endpoint', {}),
    due: ['invalid_request'],
  },
  {
    id: 'token.duplicate',
    title: 'A parameter twice',
    clause: 'RFC 6749, 3.2',
    what: 'a request with two codes',
    ask: (subject) => {
      const form = new URLSearchParams(madeUpParameters('code', subject.redirectUri));
      form.append('code', randomValue());
      return subject.post('token_endpoint', form);
    },
    due: ['invalid_request'],
    early: ['invalid_grant'],
    unless: withoutCodes,
  },
  {
    id: 'token.method',
    title: 'GET instead of POST',
    clause: 'RFC 6749, 3.2',
    what: 'a code in the query of a GET',
    ask: (subject) =>
      subject.get('token_endpoint', {
        ...madeUpParameters('code', subject.redirectUri),
        client_id: subject.clientId,
      }),
    due: ['', 'invalid_request'],
    // A provider that reads no query finds no application either.
    tooLate: ['invalid_grant'],
  },
];

/** What the token endpoint takes, and how it refuses. */
export const tokenEndpointChecks: readonly CheckWithoutUser[] = [
  clientAuthentication,
  {
    id: 'client.unknown',
    title: 'A code from an unknown application',
    clause: 'RFC 6749, 5.2',
    needs: ['client.authentication'],
    run: async (subject) =>
      judge(await subject.madeUpCodeOfStranger(), 'an unknown application', ['invalid_client']),
  },
  ...clientRows.map(checkOf),
  {
    id: 'client.challenge',
    title: 'The challenge after a wrong secret',
    clause: 'RFC 6749, 5.2; RFC 9110, 11.6.1',
    needs: ['client.wrong-secret'],
    run: async (subject) => {
      if (!subject.hasSecret) return skipped('The application has no secret.');
      const target = await subject.target();
      const authentication =
        (await subject.client()).authentication ?? authenticationOf(target, target.metadata);
      if (!authentication.startsWith('client_secret_basic'))
        return skipped(`Nothing is proved in the header here: it is by ${authentication}.`);
      const { status, headers } = await subject.wrongSecret();
      const challenge = headers.get('www-authenticate') ?? '';
      return status === 401 && /^basic\b/i.test(challenge)
        ? passed('401 with WWW-Authenticate: Basic')
        : warning(
            `A wrong secret in the header must be answered 401 with WWW-Authenticate: Basic; it is ${status} with ${challenge === '' ? 'none' : 'another'}.`,
            'Nothing to do, as long as your libraries read the body.',
          );
    },
  },
  ...tokenRows.map(checkOf),
  {
    id: 'token.content-type',
    title: 'Errors are JSON',
    clause: 'RFC 6749, 5.2',
    needs: ['token.code'],
    run: async (subject) => {
      const { headers, json } = await subject.madeUpCode();
      const contentType = headers.get('content-type') ?? '';
      return json !== null && /^application\/json\b/i.test(contentType)
        ? passed('application/json')
        : failed(
            `An error of the token endpoint is no application/json: ${contentType || 'nothing is said'}.`,
            'Applications cannot read it: correct the provider, or the proxy before it.',
          );
    },
  },
  {
    id: 'token.no-store',
    title: 'Nothing is cached',
    clause: 'RFC 6749, 5.1',
    needs: ['client.authentication'],
    run: async (subject) => {
      const control = (await subject.madeUpCode()).headers.get('cache-control') ?? '';
      return /\bno-store\b/i.test(control)
        ? passed('Cache-Control: no-store')
        : warning(
            `The token endpoint answers without Cache-Control: no-store: ${control || 'nothing is said'}.`,
            'Make sure that no proxy stores what it answers; answers with tokens must have that header.',
          );
    },
  },
];

function checkOf({ what, ask, due, tooLate = [], early = [], proof, unless, ...row }: Row): CheckWithoutUser {
  return {
    ...row,
    needs: ['client.authentication'],
    run: async (subject) => {
      const reason = await unless?.(subject);
      if (reason) return skipped(reason);
      const answer = await ask(subject);
      if (!early.includes(answer.error ?? '')) return judge(answer, what, due, tooLate);
      const isLate = proof !== undefined && due.includes((await proof(subject)).error ?? '');
      return isLate
        ? judge(answer, what, due, early)
        : unclear(
            `Cannot tell: the token endpoint refuses ${what} for what is made up in it (${answer.status} ${answer.error}).`,
          );
    },
  };
}

function judge(
  { status, json, error }: Answer,
  what: string,
  due: readonly string[],
  tooLate: readonly string[] = [],
): CheckResult {
  const tokens = ['access_token', 'id_token', 'refresh_token'].filter(
    (name) => json !== null && name in json,
  );
  if (tokens.length > 0) {
    return failed(`The token endpoint answers ${what} with tokens: ${tokens.join(', ')}.`, correctProvider);
  }
  const words = `${status} ${error ?? 'without an OAuth error'}`;
  if (status < 400 && error === null) {
    return status < 300
      ? failed(`The token endpoint accepts ${what}: ${words}.`, correctProvider)
      : unclear(`The token endpoint sends ${what} elsewhere: ${words}.`);
  }
  if (tooLate.includes(error ?? '')) {
    return failed(`The token endpoint does not mind ${what}: ${words}.`, correctProvider);
  }
  if (status >= 400 && due.includes(error ?? '')) return passed(`refused: ${words}`);
  return warning(
    `The token endpoint refuses ${what}, with ${words} where ${status < 400 ? '400 ' : ''}${due.filter(Boolean).join(' or ')} is due.`,
    'Nothing to do, as long as your libraries do not go by the name of the error.',
  );
}
