import { expect } from 'vitest';
import type { ErrorCode } from '../../src/errors.js';
import type { Step } from './lies.js';
import type { LyingProvider } from './lying-provider.js';

/** How an answer is to be refused. */
export interface Refused {
  readonly code: ErrorCode;
  /** `details.reason` of `id_token_invalid`. */
  readonly reason?: string;
  /** Every request that may be made, in order. Default: whatever is made without what was refused. */
  readonly requests?: readonly Step[];
}

/** How it was refused, seen from outside. */
export interface Refusal {
  readonly code: string;
  readonly reason: unknown;
  readonly hint: string;
  readonly exitCode: number | null;
  /** Everything that anybody can read about it. */
  readonly told: string;
  /** What is stored, before and after. */
  readonly before: unknown;
  readonly after: unknown;
}

/** What a script sees (the contract's table, written out again). */
const exitCodes: Partial<Record<ErrorCode, number>> = {
  session_expired: 4,
  token_rejected: 4,
  access_denied: 5,
  authorization_error: 5,
  code_rejected: 5,
  state_mismatch: 6,
  issuer_mismatch: 6,
  id_token_invalid: 6,
  userinfo_invalid: 6,
  token_response_invalid: 6,
  discovery_invalid: 6,
  jwks_invalid: 6,
  clock_skew: 6,
  network_unreachable: 7,
  request_timeout: 7,
  provider_error: 7,
  token_request_rejected: 9,
};

/** Where the records of a provider stood when something began. */
export interface Since {
  readonly requests: number;
  readonly issued: number;
}

/**
 * The one thing that every refusal has to be: of the right code and exit, with a hint; the session before it is there
 * byte for byte; nothing that was refused is used for another request; nothing secret is told.
 */
export function expectRefusal(lying: LyingProvider, since: Since, expected: Refused, refusal: Refusal): void {
  const { code, reason } = expected;
  expect({ code: refusal.code, reason: refusal.reason }).toEqual({ code, reason });
  expect(exitCodes).toHaveProperty(code, refusal.exitCode);
  expect(refusal.hint).not.toBe('');
  expect(refusal.after).toEqual(refusal.before);

  const requests = lying.requests.slice(since.requests);
  if (expected.requests !== undefined) {
    // What the browser does is not the client's to decide.
    const made = requests.map(({ step }) => step).filter((step) => step !== 'authorize');
    expect(made).toEqual(expected.requests);
  }
  const refused = lying.issued.slice(since.issued);
  const uses = refused.map((secret) => requests.filter((request) => carries(request, secret)).length);
  // A code may be sent once; a token that was refused never is.
  expect(uses.filter((count, index) => count > (refused[index]?.startsWith('code-') ? 1 : 0))).toEqual([]);

  const told = refusal.told.toLowerCase();
  expect(secretsOf(lying).filter((secret) => formsOf(secret).some((form) => told.includes(form)))).toEqual(
    [],
  );
}

function carries({ url, form, headers }: LyingProvider['requests'][number], secret: string): boolean {
  return [...url.searchParams.values(), ...form.values(), headers.authorization ?? ''].some((text) =>
    text.includes(secret),
  );
}

/** Everything that nobody may read: what the provider handed out, and what the client sent it. */
export function secretsOf(lying: LyingProvider): string[] {
  const names = ['state', 'nonce', 'code', 'code_verifier', 'refresh_token', 'client_secret', 'token'];
  const sent = lying.requests.flatMap(({ url, form, headers }) => [
    ...names.flatMap((name) => [...url.searchParams.getAll(name), ...form.getAll(name)]),
    headers.authorization?.replace(/^\w+ /, '') ?? '',
    ...credentialsIn(headers.authorization),
  ]);
  return [...new Set([...lying.issued, ...sent])].filter((secret) => secret.length >= 8);
}

/** A secret as it is, and as JSON, addresses and host names have it. */
function formsOf(secret: string): string[] {
  const forms = [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)];
  return forms.map((form) => form.toLowerCase());
}

/** The client secret of `client_secret_basic`. */
function credentialsIn(authorization = ''): string[] {
  const [, credentials] = /^Basic (.+)$/.exec(authorization) ?? [];
  if (credentials === undefined) return [];
  const [, secret = ''] = Buffer.from(credentials, 'base64').toString().split(':');
  return [decodeURIComponent(secret)];
}
