import type { LogtoError } from '../../errors.js';
import { mayBeIssuer } from '../../oidc/issuer-template.js';
import { probeAuthorization } from '../../oidc/probe/authorization-probe.js';
import type { CheckResult } from '../run/check.js';
import { passed, resultOf, skipped } from '../run/check-results.js';
import { correctProvider, failed, unclear, warning } from '../run/claused-check.js';
import { perhapsForMachines } from '../run/perhaps-for-machines.js';
import type { TestedProvider } from '../tested-provider.js';
import { type AuthorizationAnswer, describe, verdictOn } from './authorization-answer.js';
import type { CheckWithoutUser } from './check-without-user.js';
import { givenToAnyAddress, givenToEverybody } from './everybody.js';

/** What a sound request is answered with: all that is asked of other requests stands on it. */
const soundRequest: CheckWithoutUser = {
  id: 'authorization.request',
  title: 'A sound request',
  clause: 'OpenID Connect Core 1.0, 3.1.2.6',
  needs: ['discovery.endpoints'],
  run: async (subject) => {
    const reason = await subject.withoutBrowser();
    if (reason !== null) return skipped(`Not used: ${reason}.`);
    const answer = await subject.soundRequest();
    const { returned, error } = answer;
    if (returned !== null && error === null) {
      return failed(
        'The provider sends the browser back with a code, and nobody is signed in.',
        correctProvider,
      );
    }
    if (returned !== null && verdictOn(answer) === 'accepted') return passed(await wordsOn(subject, answer));
    const found = await probeAuthorization(await subject.target(), {
      redirectUri: subject.redirectUri,
      scopes: ['openid'],
      resources: [],
    });
    if (found.verdict === 'refused') return judgeRefusal(subject, found.error, found.proof.application);
    return found.verdict === 'unknown'
      ? unclear(`The answer to prompt=none is not the one that must come: ${found.reason}`)
      : passed(describe(answer));
  },
};

/** That the redirect URI is not registered some say to applications that they do not know, too. */
async function judgeRefusal(
  subject: TestedProvider,
  error: LogtoError,
  isOfApplication: boolean,
): Promise<CheckResult> {
  if (error.code === 'redirect_uri_not_registered') {
    const perhaps = perhapsForMachines(await subject.client(), error);
    if (perhaps !== null) return perhaps;
  }
  const isGuess = error.code === 'redirect_uri_not_registered' && !isOfApplication;
  return isGuess && (await subject.client()).verdict !== 'accepted'
    ? unclear(`Cannot tell: an unknown application is answered alike. ${error.message}`)
    : resultOf(error);
}

/** Where strangers get the same, the answer is as it must be, and says nothing of the application. */
async function wordsOn(subject: TestedProvider, answer: AuthorizationAnswer): Promise<string> {
  const words = `${describe(answer)}, as nobody is signed in`;
  return (await givenToEverybody(subject, answer)) === null
    ? words
    : `${words}; strangers are answered alike, so that this says nothing of the application`;
}

/** How errors come back to the application. */
export const authorizationChecks: readonly CheckWithoutUser[] = [
  soundRequest,
  {
    id: 'authorization.state',
    title: 'state of an error',
    clause: 'RFC 6749, 4.1.2.1',
    needs: ['authorization.request'],
    run: async (subject) => {
      const { returned, state } = await subject.soundRequest();
      const states = returned?.parameters.getAll('state') ?? [];
      if (states.length === 1 && states[0] === state) return passed('echoed to the letter');
      return failed(
        states.length > 1
          ? 'The error comes back with more than one state.'
          : `The error comes back ${states.length === 0 ? 'without the' : 'with a changed'} state.`,
        'Applications take such an answer for an attack, and ignore it: the provider has to echo state to the letter.',
      );
    },
  },
  {
    id: 'authorization.issuer',
    title: 'iss of an error',
    clause: 'RFC 9207, 2 and 2.4',
    needs: ['authorization.request'],
    run: async (subject) => {
      const { returned } = await subject.soundRequest();
      const isAnnounced = (await subject.metadata()).authorization_response_iss_parameter_supported === true;
      const issuers = returned?.parameters.getAll('iss') ?? [];
      if (issuers.length === 0 && !isAnnounced)
        return skipped('The discovery document does not announce it.');
      if (issuers.length === 1 && mayBeIssuer(subject.issuer, issuers[0] ?? ''))
        return passed('the right one');
      const what =
        issuers.length === 0 ? 'no iss, though that is announced' : 'another iss than that of discovery';
      return { ...failed(`The error comes back with ${what}.`, correctProvider), code: 'issuer_mismatch' };
    },
  },
  {
    id: 'authorization.response-mode',
    title: 'Errors in the query',
    clause: 'OAuth 2.0 Multiple Response Type Encoding Practices, 2.1',
    needs: ['authorization.request'],
    run: async (subject) => {
      const { returned } = await subject.soundRequest();
      return returned?.place === 'query'
        ? passed('in the query')
        : failed(
            'The error comes back in the fragment, which a server never sees.',
            'The response type code has its answers in the query: the provider has to correct it.',
          );
    },
  },
  {
    id: 'authorization.post',
    title: 'Requests by POST',
    clause: 'OpenID Connect Core 1.0, 3.1.2.1',
    needs: ['authorization.request'],
    run: async (subject) => {
      if ((await subject.metadata()).require_pushed_authorization_requests) {
        return skipped('Not used: requests are pushed.');
      }
      const answer = await subject.authorize({ method: 'POST' });
      return answer.returned !== null && verdictOn(answer) === 'accepted'
        ? passed('answered like GET')
        : warning(
            `GET and POST must both do, and POST is answered with ${describe(answer)}.`,
            'Nothing to do, as long as your applications redirect the browser, which is a GET.',
          );
    },
  },
  {
    id: 'application.unknown',
    title: 'An unknown application',
    clause: 'RFC 6749, 4.1.2.1',
    needs: ['authorization.request'],
    run: async (subject) => {
      const answer = await subject.ofUnknownApplication();
      if (answer.returned !== null) {
        const toAnyAddress = await givenToAnyAddress(subject, answer);
        if (toAnyAddress !== null) return toAnyAddress;
        return failed(
          `An unknown application is ${describe(answer)}: the browser must not be sent anywhere for it.`,
          correctProvider,
        );
      }
      return verdictOn(answer) === 'refused'
        ? passed(`refused: ${describe(answer)}`)
        : unclear(`An unknown application is answered with ${describe(answer)}.`);
    },
  },
];
