import { LogtoError } from '../errors.js';
import type { StrangerReport } from '../loopback/callback-listener.js';

/** How many requests of each kind came instead of the true response. */
export type Strangers = Readonly<Record<StrangerReport['reason'], number>>;

/** A sign-in that nobody finished. */
export interface UnfinishedSignIn {
  /** How long it was waited for. */
  readonly seconds: number;
  readonly redirectUri: string;
  readonly strangers: Strangers;
}

/**
 * The failure of a browser journey that nobody finished in time: what came meanwhile says what to do.
 *
 * @returns `state_mismatch` where a callback of another sign-in came, else `sign_in_timeout`
 */
export function signInTimeout({ seconds, redirectUri, strangers }: UnfinishedSignIn): LogtoError {
  const { wrong_state: wrongStates, missing_state: missingStates, other: otherRequests } = strangers;
  const details = { redirect_uri: redirectUri, wrongStates, missingStates, otherRequests };
  if (wrongStates > 0) {
    return new LogtoError(
      'state_mismatch',
      `No callback of this sign-in came within ${seconds} s; ${wrongStates} came with a state of another one.`,
      'Close old tabs of earlier sign-ins, run the command again and use only the page that it opens.',
      details,
    );
  }
  const port = new URL(redirectUri).port || '80';
  const [what, advice] =
    missingStates > 0
      ? [
          `${missingStates} ${requests(missingStates)} for ${redirectUri} came without a state`,
          'They are of no sign-in, or a proxy strips the address. Run the command again and use only the page that it opens.',
        ]
      : otherRequests > 0
        ? [
            `only ${otherRequests} other ${requests(otherRequests)} came to port ${port}, none of them a callback`,
            'Run the command again and finish on the page that opens, or give more time with --timeout <seconds>. ' +
              'A tab of a development server may be asking there: --port <n> takes another port, where the ' +
              'application allows it.',
          ]
        : [
            `nothing at all came to ${redirectUri}`,
            'Run the command again, finish on the page that opens, or give more time with --timeout <seconds>. If ' +
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
