import { createHash, timingSafeEqual } from 'node:crypto';
import type { CallbackKind, StrangerReport } from './callback-listener.js';
import type { StrangerPage } from './pages.js';

/** Why a request is not the response we wait for. */
export interface Stranger {
  readonly reason: StrangerReport['reason'];
  readonly page: StrangerPage;
  /** What it did, for a sentence that begins with the request; nothing secret, and inert for a terminal. */
  readonly problem: string;
  /** It carries our state: whoever sent it answers our request, in a way that cannot be used. */
  readonly isOurs: boolean;
}

/** What a journey waits for. */
export interface Awaited {
  readonly kind: CallbackKind;
  /** `null` before anything is awaited. */
  readonly state: string | null;
  /** What a return without any parameter may mean, as in `perhaps …`. */
  readonly emptyReturn: string;
}

/** The true response to a request of ours. */
export interface TrueResponse {
  /** False for the return from a sign-out that somebody else may have sent here. */
  readonly isConfirmed: boolean;
}

/**
 * Whether a GET on the callback's path is the response to our request (RFC 6749, section 4.1.2): our `state`, and for
 * a sign-in either a `code` or an `error`, nothing repeated (section 3.1). `state` comes first: without it, nothing
 * else that the request says is believed. After a sign-out a browser that comes back without one has come back all the
 * same, though nobody knows from where.
 *
 * @param isVisit whether a browser goes there with a whole tab, as far as it tells
 */
export function responseVerdict(
  awaited: Awaited,
  parameters: URLSearchParams,
  isVisit: boolean,
): TrueResponse | Stranger {
  const { kind, state } = awaited;
  const given = parameters.get('state');
  const stranger = (reason: Stranger['reason'], problem: string): Stranger => {
    return { reason, page: 'not-ours', problem, isOurs: false };
  };
  if (state === null) return stranger('other', `came before the ${kind} began`);
  if (given === null) {
    if (kind === 'sign-out' && isVisit) return { isConfirmed: false };
    return stranger('missing_state', withoutState(awaited, parameters));
  }
  if (!isSame(given, state)) {
    return stranger('wrong_state', `carried another state than ours: it is not of this ${kind}`);
  }
  const problem = shapeProblem(kind, parameters);
  return problem === null
    ? { isConfirmed: true }
    : { reason: 'other', page: 'not-valid', problem, isOurs: true };
}

/** What an authorization response has one of; `response` is that of JARM. */
const responseNames = ['error', 'code', 'response'] as const;

/** Whether it looks like the response to an authorization request, of whomever. */
export function hasResponseShape(parameters: URLSearchParams): boolean {
  return responseNames.some((name) => parameters.has(name));
}

/** Whether any of the parameters is our state. */
export function carriesState(state: string | null, parameters: URLSearchParams): boolean {
  return state !== null && parameters.getAll('state').some((given) => isSame(given, state));
}

/** What is wrong with a response that carries our state; `null` for nothing. */
function shapeProblem(kind: CallbackKind, parameters: URLSearchParams): string | null {
  const names = [...parameters.keys()];
  const repeated = names.find((name, index) => names.indexOf(name) !== index);
  if (repeated !== undefined) {
    return `repeated ${parameterName(repeated)}, which RFC 6749, section 3.1 forbids`;
  }
  if (kind === 'sign-out') return null;
  // A parameter without a value counts as left out (RFC 6749, section 3.1).
  const [hasCode, hasError] = [Boolean(parameters.get('code')), Boolean(parameters.get('error'))];
  if (hasCode && hasError) {
    return `carried both a code and an error (${errorOf(parameters)}${descriptionOf(parameters)}), of which one must be untrue`;
  }
  return hasCode || hasError ? null : 'carried neither a code nor an error';
}

/** What a request carried that has no state. */
export function withoutState({ kind, emptyReturn }: Awaited, parameters: URLSearchParams): string {
  if (kind === 'sign-out') return 'carried no state';
  if (parameters.size === 0) {
    return `carried nothing: ${emptyReturn}, or the answer stood behind a # (response_mode=fragment)`;
  }
  const shape = responseNames.find((name) => parameters.has(name));
  if (shape === undefined) return 'carried no state';
  // Its state is in the JWT.
  if (shape === 'response')
    return 'carried a signed response (JARM), which was not asked for, and no state beside it';
  const what = { error: errorOf(parameters), code: 'a code' }[shape];
  return `carried ${what} and no state: made up, or the provider leaves \`state\` out, RFC 6749 4.1.2${shape === 'error' ? '.1' : ''}`;
}

/** `error=login_required`, where that looks like an error of OAuth: anybody may have written it. */
function errorOf(parameters: URLSearchParams): string {
  const error = parameters.get('error') ?? '';
  const others = [...parameters].flatMap(([name, value]) => (name === 'error' ? [] : [value]));
  const isCode = /^[a-z_]{1,32}$/.test(error) && !others.includes(error);
  return isCode ? `error=${error}` : 'an error that is none of OAuth';
}

/** The provider's own words beside our state, where they are short, plain (RFC 6749, 4.1.2.1) and hold nothing else. */
function descriptionOf(parameters: URLSearchParams): string {
  const description = parameters.get('error_description') ?? '';
  const others = [...parameters].flatMap(([name, value]) => (name.startsWith('error') ? [] : [value]));
  const isPlain =
    /^[\x20-\x7e]{1,80}$/.test(description) && !others.some((value) => description.includes(value));
  return isPlain ? `: "${description}"` : '';
}

function parameterName(name: string): string {
  return /^[a-z_]{1,40}$/.test(name) ? `the parameter ${name}` : 'a parameter';
}

/** Compares without telling by its time how much was right. */
function isSame(given: string, expected: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}
