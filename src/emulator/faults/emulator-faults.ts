import { LogtoError } from '../../errors.js';
import {
  type ClockFault,
  claimFaults,
  type LogoutTokenFault,
  logoutTokenFaults,
  type ResponseFault,
  responseFaults,
  signatureFaults,
} from './fault-names.js';

/** What is wrong with the ID tokens that the token endpoint gives. */
export const idTokenFaults = [...claimFaults, ...signatureFaults, 'other-algorithm', 'missing'] as const;
/** One of these faults. */
export type IdTokenFault = (typeof idTokenFaults)[number];

/**
 * What is wrong with an endpoint. `slow` keeps a request waiting before it is heard, `down` cuts its connection; the
 * others answer instead of the endpoint: with a status of 400 to 599, a page, half a JSON document, or an OAuth error
 * (which the authorization endpoint sends back to the application).
 */
export type AnswerFault =
  | `slow:${number}${'ms' | 's'}`
  | 'down'
  | `status:${number}`
  | 'html'
  | 'invalid-json'
  | `error:${string}`;

/** What an emulator does wrong, by name. What is not named it does right. */
export interface EmulatorFaults {
  /** Of the discovery document. `other-issuer`: it is that of another issuer, with the addresses of this one. */
  readonly discovery?: AnswerFault | 'other-issuer';
  /**
   * `rotate`: every token answer is signed with a key that nobody has seen before. `rotated`: all of them with one such
   * key, for as long as the fault lasts. `empty`: no key is published. `several`: keys of other types are published too.
   */
  readonly jwks?: AnswerFault | 'rotate' | 'rotated' | 'empty' | 'several';
  /**
   * Of the authorization endpoint. `markup:` is as `error:`, with a script in `error` and an image with one in
   * `error_description`.
   */
  readonly authorization?: AnswerFault | `markup:${string}`;
  /** What is wrong with what the browser is sent back to the application with, be it a code or an error. */
  readonly response?: ResponseFault;
  /** `reusable`: a code that was used is answered once more as it was the first time. */
  readonly code?: 'reusable';
  /**
   * Of every grant. `no-access-token`: that is missing in the answer. `never`: the connection is held, and nothing is
   * answered. `redirect`: to another host name of this machine (307), where what follows is kept as `elsewhere`.
   */
  readonly token?: AnswerFault | 'no-access-token' | 'never' | 'redirect';
  /** Of the UserInfo endpoint. `other-subject`: it answers with the claims of somebody else. */
  readonly userinfo?: AnswerFault | 'other-subject';
  /** Of the revocation endpoint. */
  readonly revocation?: AnswerFault;
  /** Of the end session endpoint. */
  readonly endSession?: AnswerFault;
  /**
   * Of ID tokens. Nothing else of them is changed, and each is signed again as it should be, unless that is the fault:
   * `bad-signature` names the right key, `unknown-key` one that is not published, `alg-none` (in four spellings) has no
   * signature, and `hs256-public-key` and `hs256-secret` are signed with what the application takes for a key: the
   * published one in PEM, or its own secret. `audience-list` is sound: `aud` is a list of one. `other-azp` is for a further application, which it names as `azp`.
   * `other-algorithm` is signed soundly by another algorithm than the application is registered with (RS256, or ES384 in
   * its place), and its key is published from then on.
   * `other-subject` concerns refreshed ID tokens alone.
   */
  readonly idToken?: IdTokenFault;
  /** Of the logout tokens that tell an application that a session is over. */
  readonly logoutToken?: LogoutTokenFault;
  /** `no-rotation`: the refresh token stays. `lost-answer`: it is used up, and the connection cut before the answer. */
  readonly refresh?: 'no-rotation' | 'lost-answer';
  /** How far the provider's clock is off: in `Date`, and in the times of the JWTs that it issues. */
  readonly clock?: ClockFault;
}

interface Known {
  readonly pattern: RegExp;
  /** As people are told. */
  readonly values: readonly string[];
}

const answer: Known = {
  pattern: /^(down|html|invalid-json|slow:\d{1,6}m?s|status:[45]\d\d|error:[a-z_]{1,60})$/,
  values: ['slow:5s', 'slow:200ms', 'down', 'status:503', 'html', 'invalid-json', 'error:invalid_grant'],
};

const known: Readonly<Record<keyof EmulatorFaults, Known>> = {
  discovery: answerOr('other-issuer'),
  jwks: answerOr('rotate', 'rotated', 'empty', 'several'),
  authorization: {
    pattern: new RegExp(`^markup:[a-z_]{1,60}$|${answer.pattern.source}`),
    values: [...answer.values, 'markup:access_denied'],
  },
  response: oneOf(responseFaults),
  code: oneOf(['reusable']),
  token: answerOr('no-access-token', 'never', 'redirect'),
  userinfo: answerOr('other-subject'),
  revocation: answer,
  endSession: answer,
  idToken: oneOf(idTokenFaults),
  logoutToken: oneOf(logoutTokenFaults),
  refresh: oneOf(['no-rotation', 'lost-answer']),
  clock: { pattern: /^[+-]\d{1,6}[smhd]$/, values: ['+10m', '-90s', '+1h', '-2d'] },
};

/** What can be wrong, and how that is written: some of many values where they hold a number or an OAuth error. */
export function faultNames(): readonly { readonly name: string; readonly values: readonly string[] }[] {
  return Object.entries(known).map(([name, { values }]) => ({ name, values }));
}

/**
 * Reads faults that somebody wrote.
 *
 * @throws LogtoError `config_invalid`, with the names that are good
 */
export function checkFaults(faults: Readonly<Record<string, unknown>>): EmulatorFaults {
  for (const [name, value] of Object.entries(faults)) {
    if (!isKnown(name)) {
      throw refuse(`The emulator has no fault ${JSON.stringify(name)}.`, Object.keys(known));
    }
    const { pattern, values } = known[name];
    if (value !== undefined && (typeof value !== 'string' || !pattern.test(value))) {
      throw refuse(`The fault ${JSON.stringify(value)} is none of ${name}.`, values);
    }
  }
  return { ...faults };
}

/**
 * Takes faults for those of one visit: none of what belongs to nobody's visit.
 *
 * @throws LogtoError `config_invalid`
 */
export function checkVisitFaults(faults: EmulatorFaults): EmulatorFaults {
  const { discovery, jwks } = faults;
  if (discovery === undefined && [undefined, 'rotate', 'rotated'].includes(jwks)) return faults;
  const name = discovery === undefined ? 'jwks' : 'discovery';
  throw new LogtoError(
    'config_invalid',
    `The fault ${name} cannot be of one visit: nobody can tell whose a request for that is.`,
    'Set it for the emulator as a whole, with setFaults.',
  );
}

function isKnown(name: string): name is keyof EmulatorFaults {
  return Object.hasOwn(known, name);
}

function oneOf(values: readonly string[]): Known {
  return { pattern: new RegExp(`^(${values.join('|')})$`), values };
}

/** A fault of an endpoint that has further ones of its own. */
function answerOr(...further: readonly string[]): Known {
  return {
    pattern: new RegExp(`^(${further.join('|')})$|${answer.pattern.source}`),
    values: [...further, ...answer.values],
  };
}

function refuse(message: string, good: readonly string[]): LogtoError {
  return new LogtoError('config_invalid', message, `Name one of these: ${good.join(', ')}.`);
}
