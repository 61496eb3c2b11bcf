import { LogtoError } from '../../errors.js';

/** What is wrong with the ID tokens that the token endpoint gives. */
export const idTokenFaults = [
  'bad-nonce',
  'no-nonce',
  'bad-signature',
  'bad-audience',
  'bad-issuer',
  'expired',
  'alg-none',
  'missing',
  'other-subject',
] as const;
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
  /** Of the discovery document. */
  readonly discovery?: AnswerFault;
  /** `rotate`: every token answer is signed with a key that nobody has seen before. `empty`: no key is published. */
  readonly jwks?: AnswerFault | 'rotate' | 'empty';
  /** Of the authorization endpoint. */
  readonly authorization?: AnswerFault;
  /** Of every grant. */
  readonly token?: AnswerFault;
  /** Of the UserInfo endpoint. */
  readonly userinfo?: AnswerFault;
  /** Of the revocation endpoint. */
  readonly revocation?: AnswerFault;
  /** Of the end session endpoint. */
  readonly endSession?: AnswerFault;
  /** `other-subject` concerns refreshed ID tokens alone. */
  readonly idToken?: IdTokenFault;
  /** `no-rotation`: the refresh token stays. `lost-answer`: it is used up, and the connection cut before the answer. */
  readonly refresh?: 'no-rotation' | 'lost-answer';
  /** How far the provider's clock is off: in `Date`, and in the times of the JWTs that it issues. */
  readonly clock?: `${'+' | '-'}${number}${'s' | 'm' | 'h' | 'd'}`;
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
  discovery: answer,
  jwks: {
    pattern: new RegExp(`^(rotate|empty)$|${answer.pattern.source}`),
    values: ['rotate', 'empty', ...answer.values],
  },
  authorization: answer,
  token: answer,
  userinfo: answer,
  revocation: answer,
  endSession: answer,
  idToken: oneOf(idTokenFaults),
  refresh: oneOf(['no-rotation', 'lost-answer']),
  clock: { pattern: /^[+-]\d{1,6}[smhd]$/, values: ['+10m', '-90s', '+1h', '-2d'] },
};

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
 * Reads faults of one visit: none of what belongs to nobody's visit.
 *
 * @throws LogtoError `config_invalid`, with the names that are good
 */
export function checkVisitFaults(faults: Readonly<Record<string, unknown>>): EmulatorFaults {
  const { discovery, jwks } = faults;
  if (discovery !== undefined || (jwks !== undefined && jwks !== 'rotate')) {
    const name = discovery === undefined ? 'jwks' : 'discovery';
    throw new LogtoError(
      'config_invalid',
      `The fault ${name} cannot be of one visit: nobody can tell whose a request for that is.`,
      'Set it for the emulator as a whole, with setFaults.',
    );
  }
  return checkFaults(faults);
}

function isKnown(name: string): name is keyof EmulatorFaults {
  return Object.hasOwn(known, name);
}

function oneOf(values: readonly string[]): Known {
  return { pattern: new RegExp(`^(${values.join('|')})$`), values };
}

function refuse(message: string, good: readonly string[]): LogtoError {
  return new LogtoError('config_invalid', message, `Name one of these: ${good.join(', ')}.`);
}
