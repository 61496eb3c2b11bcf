import { randomValue } from '../../oidc/pkce.js';
import type { CheckResult } from '../run/check.js';
import { passed, skipped } from '../run/check-results.js';
import { correctProvider, failed, unclear, warning } from '../run/claused-check.js';
import type { TestedProvider } from '../tested-provider.js';
import type { CheckWithoutUser } from './check-without-user.js';
import type { Answer } from './endpoint-answer.js';
import { type EndpointName, nameOf } from './endpoint-name.js';

/** A question to an endpoint that not every provider has. */
interface Row {
  readonly id: string;
  readonly title: string;
  readonly clause: string;
  readonly endpoint: EndpointName;
  readonly needs?: readonly string[];
  readonly unless?: (subject: TestedProvider) => string | false | Promise<string | false>;
  readonly ask: (subject: TestedProvider) => Promise<Answer>;
  readonly judge: (answer: Answer, subject: TestedProvider) => CheckResult;
}

const client = ['client.authentication'];
const push = async (
  subject: TestedProvider,
  change: (parameters: URLSearchParams) => void = () => {},
  sender: 'application' | 'without-secret' = 'application',
) => {
  const parameters = await subject.authorizationParameters();
  change(parameters);
  return subject.post('pushed_authorization_request_endpoint', parameters, sender);
};

const rows: readonly Row[] = [
  {
    id: 'userinfo.no-token',
    title: 'UserInfo without a token',
    clause: 'OpenID Connect Core 1.0, 5.3.3; RFC 6750, 3',
    endpoint: 'userinfo_endpoint',
    ask: (subject) => subject.get('userinfo_endpoint'),
    judge: (answer) => judgeBearer(answer, 'a request without a token'),
  },
  {
    id: 'userinfo.made-up-token',
    title: 'UserInfo with a made-up token',
    clause: 'OpenID Connect Core 1.0, 5.3.3; RFC 6750, 3.1',
    endpoint: 'userinfo_endpoint',
    ask: (subject) => subject.get('userinfo_endpoint', {}, { authorization: `Bearer ${randomValue()}` }),
    judge: (answer) => judgeBearer(answer, 'a made-up token'),
  },
  {
    id: 'introspection.anonymous',
    title: 'Introspection by nobody',
    clause: 'RFC 7662, 2.1',
    endpoint: 'introspection_endpoint',
    ask: (subject) => subject.post('introspection_endpoint', { token: randomValue() }, 'nobody'),
    judge: (answer) => mustRefuse(answer, 'The endpoint answers somebody who does not say who asks'),
  },
  {
    id: 'introspection.made-up-token',
    title: 'Introspection of a made-up token',
    clause: 'RFC 7662, 2.2',
    endpoint: 'introspection_endpoint',
    needs: client,
    ask: (subject) => subject.post('introspection_endpoint', { token: randomValue() }),
    judge: ({ status, json, error }) => {
      if (status >= 400) return passed(`refused: ${status} ${error ?? ''}`.trim());
      if (json === null) return unclear(`The answer is no JSON object (${status}).`);
      if (json['active'] !== false)
        return failed('A made-up token is not said to be inactive.', correctProvider);
      return Object.keys(json).length === 1
        ? passed('inactive')
        : warning('A made-up token is said to be inactive, and more is said about it.', correctProvider);
    },
  },
  {
    id: 'revocation.anonymous',
    title: 'Revocation by nobody',
    clause: 'RFC 7009, 2.1',
    endpoint: 'revocation_endpoint',
    ask: (subject) => subject.post('revocation_endpoint', { token: randomValue() }, 'nobody'),
    judge: (answer) => mustRefuse(answer, 'The endpoint answers somebody who does not say who asks'),
  },
  {
    id: 'revocation.unknown-token',
    title: 'Revocation of an unknown token',
    clause: 'RFC 7009, 2.2',
    endpoint: 'revocation_endpoint',
    needs: client,
    ask: (subject) => subject.post('revocation_endpoint', { token: randomValue() }),
    unless: async (subject) =>
      (await isRevocationForSecrets(subject)) &&
      'The discovery document lists revocation for applications that authenticate, and this one has no secret.',
    judge: (answer, { hasSecret }) => {
      const { status, error } = answer;
      const words = `${status} ${error ?? 'without an OAuth error'}`;
      if (status === 200) return passed('200, as for one that was revoked');
      if (isRefusalOfClient(answer)) {
        return hasSecret
          ? unclear(`Cannot tell: the endpoint refuses the application first (${words}).`)
          : skipped(`The endpoint refuses applications without a secret (${words}).`);
      }
      // Of what type a made-up token is nobody knows.
      return error === 'unsupported_token_type'
        ? unclear(
            `Cannot tell: the endpoint takes no token of the type that a made-up one is taken for (${words}).`,
          )
        : failed(`A token that is already gone must be answered 200, and is ${words}.`, correctProvider);
    },
  },
  {
    id: 'device.anonymous',
    title: 'The device flow by nobody',
    clause: 'RFC 8628, 3.1',
    endpoint: 'device_authorization_endpoint',
    ask: (subject) => subject.post('device_authorization_endpoint', { scope: 'openid' }, 'nobody'),
    judge: (answer) => mustRefuse(answer, 'Anybody may begin a device flow', 'device_code'),
  },
  {
    id: 'par.request',
    title: 'A pushed request',
    clause: 'RFC 9126, 2.2',
    endpoint: 'pushed_authorization_request_endpoint',
    needs: [...client, 'authorization.request'],
    ask: (subject) => push(subject),
    judge: (answer, { hasSecret }) => {
      const { status, json, error } = answer;
      const { request_uri: uri, expires_in: seconds } = json ?? {};
      const isWhole = typeof uri === 'string' && typeof seconds === 'number' && seconds > 0;
      if (status === 201 && isWhole) return passed(`taken, for ${seconds} s`);
      if (!hasSecret && isRefusalOfClient(answer)) {
        return skipped(`The endpoint refuses applications without a secret (${status} ${error ?? ''}).`);
      }
      const words = `${status} ${error ?? (isWhole ? 'with a request_uri' : 'without a request_uri that expires')}`;
      return isWhole
        ? warning(
            `A pushed request must be answered 201, and is ${words}.`,
            'Nothing to do, as long as your libraries do not mind.',
          )
        : failed(`A sound pushed request is answered ${words}.`, correctProvider);
    },
  },
  {
    id: 'par.redirect-uri',
    title: 'A foreign redirect URI, pushed',
    clause: 'RFC 9126, 2.3',
    endpoint: 'pushed_authorization_request_endpoint',
    needs: ['par.request'],
    ask: (subject) =>
      push(subject, (sent) => sent.set('redirect_uri', 'https://logto-cli-test.example/callback')),
    judge: (answer) =>
      mustRefuse(answer, 'A redirect URI that is not registered may be pushed', 'request_uri'),
  },
  {
    id: 'par.request-uri',
    title: 'A request_uri, pushed',
    clause: 'RFC 9126, 2.1',
    endpoint: 'pushed_authorization_request_endpoint',
    needs: ['par.request'],
    ask: (subject) => push(subject, (sent) => sent.set('request_uri', 'urn:logto-cli-test')),
    judge: (answer) => mustRefuse(answer, 'A request_uri may be pushed', 'request_uri'),
  },
  {
    id: 'par.client',
    title: 'A pushed request without the secret',
    clause: 'RFC 9126, 2',
    endpoint: 'pushed_authorization_request_endpoint',
    needs: ['par.request'],
    unless: ({ hasSecret }) => !hasSecret && 'The application has no secret.',
    ask: (subject) => push(subject, undefined, 'without-secret'),
    judge: (answer) => mustRefuse(answer, 'Anybody may push requests for the application', 'request_uri'),
  },
  {
    id: 'end-session.redirect-uri',
    title: 'A foreign post sign-out URI',
    clause: 'OpenID Connect RP-Initiated Logout 1.0, 3',
    endpoint: 'end_session_endpoint',
    ask: (subject) =>
      subject.get('end_session_endpoint', {
        client_id: subject.clientId,
        post_logout_redirect_uri: 'https://logto-cli-test.example/signed-out',
      }),
    judge: ({ status, headers, error }) => {
      if (headers.get('location')?.startsWith('https://logto-cli-test.example/')) {
        return failed(
          'A browser that signs out is sent to an address that is not registered.',
          correctProvider,
        );
      }
      return status >= 400
        ? passed(`refused: ${status} ${error ?? ''}`.trim())
        : skipped('The provider asks the person first: only a sign-out can tell.');
    },
  },
];

/** The other endpoints give nothing to nobody. */
export const protectedEndpointChecks: readonly CheckWithoutUser[] = rows.map(
  ({ endpoint, unless, ask, judge, needs = ['discovery.endpoints'], ...row }) => ({
    ...row,
    needs,
    run: async (subject) => {
      const reason = (await subject.offers(endpoint))
        ? await unless?.(subject)
        : `The discovery document lists no ${nameOf(endpoint)}.`;
      return reason ? skipped(reason) : judge(await ask(subject), subject);
    },
  }),
);

/** @param grants the member of an answer that gives what was asked for; default: success alone is enough */
function mustRefuse({ status, error, json }: Answer, otherwise: string, grants?: string): CheckResult {
  const words = `${status} ${error ?? 'without an OAuth error'}`;
  if (status >= 400) return passed(`refused: ${words}`);
  if (status >= 300) return unclear(`Sent elsewhere: ${words}.`);
  if (error !== null) return warning(`Refused, with the status of success: ${words}.`, correctProvider);
  return grants === undefined || json?.[grants] !== undefined
    ? failed(`${otherwise}: ${words}.`, correctProvider)
    : unclear(`The answer does not tell: ${words}.`);
}

/** Whether discovery lists how applications authenticate to revoke, and this one cannot (RFC 8414, section 2). */
async function isRevocationForSecrets(subject: TestedProvider): Promise<boolean> {
  const methods = (await subject.discovery()).document['revocation_endpoint_auth_methods_supported'];
  return !subject.hasSecret && Array.isArray(methods) && !methods.includes('none');
}

/** Whether an answer is about who asks, before anything else. */
function isRefusalOfClient({ status, error }: Answer): boolean {
  return status === 401 || ['invalid_client', 'unauthorized_client', 'access_denied'].includes(error ?? '');
}

function judgeBearer({ status, headers, json }: Answer, what: string): CheckResult {
  if (status < 300 && typeof json?.['sub'] !== 'string') {
    return unclear(`UserInfo answers ${what} with ${status}, and tells of nobody.`);
  }
  if (status < 300) return failed(`UserInfo answers ${what} with ${status}.`, correctProvider);
  if (status < 400) return unclear(`UserInfo sends ${what} elsewhere (${status}).`);
  const isChallenged = /^bearer\b/i.test(headers.get('www-authenticate') ?? '');
  if (status === 401 && isChallenged) return passed('refused: 401 with WWW-Authenticate: Bearer');
  return warning(
    `UserInfo must refuse ${what} with 401 and WWW-Authenticate: Bearer; it does with ${status} and ${isChallenged ? 'that' : 'no such'} header.`,
    'Nothing to do, as long as your libraries take any refusal for one.',
  );
}
