import { describe, expect, it, onTestFinished } from 'vitest';
import { filesOf, startSignIn, withoutLine } from '../end-to-end/sign-in-run.js';
import { bomb, redirectTo } from '../support/hostile-answers.js';
import type { Lies } from '../support/lies.js';
import { type LyingProvider, startLyingProvider } from '../support/lying-provider.js';
import { documentOf, type ProgramOutcome, runProgram } from '../support/program.js';
import { expectRefusal, type Refused } from '../support/refusal.js';
import { signInAtLiar } from '../support/session-home.js';
import { createSigningKey, hmacJwt, signJwt, unsignedJwt } from '../support/signed-jwt.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

/** What the built program is told, command by command; the rest of this folder asks its library the same. */
const cases: readonly [what: string, command: Command, lies: Lies, refused: Refused][] = [
  [
    'another issuer',
    'sign-in',
    { idToken: (_, claims) => ({ claims: { ...claims, iss: 'https://other.test' } }) },
    { code: 'issuer_mismatch', requests: ['discovery', 'token'] },
  ],
  [
    'no signature',
    'sign-in',
    { idToken: (_, claims) => unsignedJwt({ alg: 'none' }, claims) },
    { code: 'id_token_invalid', reason: 'algorithm', requests: ['discovery', 'token'] },
  ],
  [
    'an HMAC with a public key',
    'sign-in',
    { idToken: (_, claims) => hmacJwt({ alg: 'HS256', kid: 'first' }, claims, 'the public key') },
    { code: 'id_token_invalid', reason: 'algorithm', requests: ['discovery', 'token'] },
  ],
  [
    'the signature of a stranger',
    'sign-in',
    { idToken: (_, claims) => signJwt({ alg: 'ES256', kid: 'first' }, claims, createSigningKey('first')) },
    { code: 'id_token_invalid', reason: 'signature', requests: ['discovery', 'token', 'jwks'] },
  ],
  [
    'another nonce',
    'sign-in',
    { idToken: (_, claims) => ({ claims: { ...claims, nonce: 'another-nonce' } }) },
    { code: 'id_token_invalid', reason: 'nonce', requests: ['discovery', 'token'] },
  ],
  [
    'no issuer at the callback',
    'sign-in',
    { authorizationResponse: (parameters) => parameters.delete('iss') },
    { code: 'issuer_mismatch', requests: ['discovery'] },
  ],
  [
    'a gzip bomb of tokens',
    'sign-in',
    { answers: { token: bomb('gzip') } },
    { code: 'token_response_invalid', requests: ['discovery', 'token'] },
  ],
  [
    'HTML for keys',
    'sign-in',
    { answers: { jwks: { body: '<html>' } } },
    { code: 'jwks_invalid', requests: ['discovery', 'token', 'jwks'] },
  ],
  [
    'another issuer',
    'discovery',
    { discovery: (document) => ({ ...document, issuer: 'https://other.test' }) },
    { code: 'issuer_mismatch', requests: ['discovery'] },
  ],
  [
    'another user',
    'token',
    { idToken: (_, claims) => ({ claims: { ...claims, sub: 'bob' } }) },
    { code: 'id_token_invalid', reason: 'sub', requests: ['discovery', 'jwks', 'token'] },
  ],
  [
    'an escape sequence for a token',
    'token',
    { tokenResponse: (body) => ({ ...body, access_token: 'access-\u001b[31m-12345678' }) },
    { code: 'token_response_invalid', requests: ['discovery', 'jwks', 'token'] },
  ],
  [
    'a redirect of the token endpoint',
    'token',
    { answers: { token: redirectTo('http://127.0.0.1:1/token', 307) } },
    { code: 'provider_error', requests: ['discovery', 'jwks', 'token'] },
  ],
  [
    'another user',
    'whoami',
    { userInfo: () => ({ sub: 'bob' }) },
    { code: 'userinfo_invalid', requests: ['discovery', 'userinfo'] },
  ],
  ['a refused token', 'whoami', { answers: { userinfo: { status: 401 } } }, { code: 'token_rejected' }],
];

describe('the program refuses', () => {
  it.each(cases.map((row) => [`${row[0]} at ${row[1]} (${row[3].code})`, row] as const))(
    '%s',
    async (_, [, command, lies, refused]) => {
      const home = await temporaryDirectory();
      const lying = await startLyingProvider();
      onTestFinished(() => lying.close());
      await signInAtLiar(lying, home);
      const before = filesOf(home);
      const since = { requests: lying.requests.length, issued: lying.issued.length };
      lying.lies = lies;

      const { outcome, told } = await commands[command](lying, home);

      const { error } = documentOf(outcome);
      expectRefusal(lying, since, refused, {
        code: error.code,
        reason: error.code === 'id_token_invalid' ? error.details.reason : undefined,
        hint: error.hint,
        exitCode: outcome.exitCode,
        told,
        before,
        after: filesOf(home),
      });
      expect(Object.keys(before)).not.toEqual([]);
    },
  );
});

type Command = keyof typeof commands;

interface Told {
  readonly outcome: ProgramOutcome;
  /** Everything that was printed, but the authorization URL, and the page in the browser. */
  readonly told: string;
}

const commands = {
  'sign-in': signIn,
  discovery: (lying: LyingProvider, home: string) =>
    run(home, ['sign-in', ...flagsOf(lying), '--no-browser', '--no-preflight', '--port', '0']),
  token: (lying: LyingProvider, home: string) => run(home, ['token', '--refresh', ...flagsOf(lying)]),
  whoami: (lying: LyingProvider, home: string) => run(home, ['whoami', '--remote', ...flagsOf(lying)]),
};

const flagsOf = ({ issuer, clientId }: LyingProvider) => ['--issuer', issuer, '--app-id', clientId];

async function run(home: string, args: readonly string[]): Promise<Told> {
  const environment = { LOGTO_CLI_STORAGE: 'file' };
  const outcome = await runProgram([...args, '--json', '--verbose'], { home, environment });
  return { outcome, told: outcome.stdout + outcome.stderr };
}

async function signIn(lying: LyingProvider, home: string): Promise<Told> {
  const program = startSignIn({ flags: flagsOf(lying) }, 0, { home }, [
    '--json',
    '--verbose',
    // What is counted here are the requests of the sign-in itself.
    '--no-preflight',
  ]);
  const url = await program.address();
  const page = await (await fetch(await lying.authorize(url))).text();
  const outcome = await program.ended;
  return { outcome, told: page + outcome.stdout + withoutLine(outcome.stderr, url) };
}
