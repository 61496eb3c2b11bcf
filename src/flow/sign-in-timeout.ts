import { LogtoError } from '../errors.js';
import { portOf } from '../local-address.js';
import type { CallbackListener } from '../loopback/callback-listener.js';
import { cameByTls, cameWithoutTls, headersTooLarge } from '../loopback/request-problem.js';

/** A sign-in that nobody finished. */
export interface UnfinishedSignIn {
  /** How long it was waited for. */
  readonly seconds: number;
  readonly redirectUri: string;
  /** Whether this program opens the page; else it prints its address. */
  readonly opensPage: boolean;
  /** What came instead of the true response. */
  readonly came: Pick<CallbackListener, 'strangers' | 'unusable' | 'distrusted' | 'withoutState'>;
}

/** What is said of requests that were refused before anybody could tell what they are. */
const unread: readonly string[] = [headersTooLarge, cameByTls, cameWithoutTls];

/**
 * The failure of a browser journey that nobody finished in time: what came meanwhile says what to do.
 *
 * @returns `state_mismatch` where only callbacks of another sign-in came, else `sign_in_timeout`
 */
export function signInTimeout({ seconds, redirectUri, opensPage, came }: UnfinishedSignIn): LogtoError {
  const { strangers, unusable, distrusted, withoutState } = came;
  const { wrong_state: wrongStates, missing_state: missingStates, other: otherRequests } = strangers;
  const problems = [...unusable.problems, ...withoutState];
  const details = {
    redirect_uri: redirectUri,
    wrongStates,
    missingStates,
    otherRequests,
    unusableResponses: unusable.count,
    ...(distrusted > 0 && { distrusted }),
    ...(problems.length > 0 && { problems }),
  };
  if (unusable.count > 0) {
    const kind = unusable.problems.every((problem) => unread.includes(problem)) ? 'request' : 'response';
    const amount = unusable.count === 1 ? `a ${kind} came` : `${unusable.count} ${kind}s came`;
    return new LogtoError(
      'sign_in_timeout',
      `Nobody finished the sign-in within ${seconds} s: ${amount} that could not be used. It ${unusable.problems.join('. It ')}.`,
      unusableAdvice(unusable.problems),
      details,
    );
  }
  const [place, itsAddress] = opensPage
    ? ['on the page that opens', 'the page that it opens']
    : ['at the address that it prints', 'the address that it prints'];
  if (wrongStates > 0) {
    return new LogtoError(
      'state_mismatch',
      `No callback of this sign-in came within ${seconds} s; ${wrongStates} came with a state of another one.`,
      `Close old tabs of earlier sign-ins, run the command again and use only ${itsAddress}.`,
      details,
    );
  }
  const port = portOf(redirectUri);
  const [what, advice] =
    missingStates > 0
      ? [
          `${missingStates} ${requests(missingStates)} for ${redirectUri} came without a state. It ${withoutState.join('. It ')}`,
          `Run the command again and use only ${itsAddress}. ${statelessAdvice(withoutState)}`,
        ]
      : distrusted > 0
        ? [
            `whoever came to ${redirectUri} does not trust its certificate (${distrusted} ${distrusted === 1 ? 'connection' : 'connections'})`,
            'Run the command again and go on past the warning of the browser, or have the certificate of --tls-cert trusted there: mkcert -install does that for those that mkcert makes.',
          ]
        : otherRequests > 0
          ? [
              `only ${otherRequests} other ${requests(otherRequests)} came to port ${port}, none of them a callback`,
              `Run the command again and finish ${place}, or give more time with --timeout <seconds>. ` +
                'A tab of a development server may be asking there: --port <n> takes another port, where the ' +
                'application allows it.',
            ]
          : [
              `nothing at all came to ${redirectUri}`,
              `Run the command again, finish ${place}, or give more time with --timeout <seconds>. If ` +
                'the page shows an error, such as “Access denied”, it names what is wrong. If the browser is on another ' +
                `machine, forward the port to this one: ssh -L ${port}:localhost:${port} <this machine>`,
            ];
  return new LogtoError(
    'sign_in_timeout',
    `Nobody finished the sign-in within ${seconds} s: ${what}.`,
    advice,
    details,
  );
}

function requests(count: number): string {
  return count === 1 ? 'request' : 'requests';
}

/** What to do where only requests without a state came, from what they carried. */
function statelessAdvice(withoutState: readonly string[]): string {
  const all = (words: string) => withoutState.length > 0 && withoutState.every((it) => it.includes(words));
  if (all('carried nothing')) {
    return (
      'If nothing was cancelled there, let the provider answer in the query of the address (response_mode=query), ' +
      'which is the default for a code.'
    );
  }
  if (all('(JARM)')) {
    return 'If that ends the same way, let the provider answer this application without response_mode=jwt.';
  }
  return (
    'If that ends the same way, the provider leaves out its `state`, or a proxy on the way takes it out of the ' +
    'address: whoever runs them has to correct that.'
  );
}

/** What to do about a response that the provider, or something on the way, makes unusable. */
function unusableAdvice(problems: readonly string[]): string {
  if (problems.includes(headersTooLarge)) {
    return 'Delete the cookies of localhost in the browser, and run the command again.';
  }
  if (problems.includes(cameByTls)) {
    return 'Register the redirect URI with http:, take localhost out of the HSTS list of the browser, or use http://127.0.0.1 as the redirect URI.';
  }
  if (problems.includes(cameWithoutTls)) {
    return 'Run the command again, and open its address with the https: that it begins with.';
  }
  return (
    'The provider answers in a way that was not asked for, or something between it and the browser changes the ' +
    'answer: see what the browser is sent to (developer tools, Network), and tell whoever runs the provider. Only a ' +
    'GET with `state`, and one `code` or one `error`, is an answer (RFC 6749, section 4.1.2).'
  );
}
