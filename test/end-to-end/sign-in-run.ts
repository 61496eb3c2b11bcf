import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { Fetch } from '../../src/network/fetch.js';
import { HttpBrowser, personNamed } from '../support/http-browser.js';
import {
  type ProgramOptions,
  type ProgramOutcome,
  RunningProgram,
  startProgram,
} from '../support/program.js';
import { temporaryDirectory } from '../support/temporary-directory.js';
import type { Registration, User } from './providers.js';

/** A sign-in that has ended, and what was seen of it from outside. */
export interface SignInRun {
  readonly outcome: ProgramOutcome;
  /** The authorization URL that the program showed. */
  readonly url: string;
  /** Where the user's browser went. */
  readonly browser: VisitingBrowser;
}

/** Follows no redirect. */
export const fetchOnce: Fetch = (url, init = {}) =>
  fetch(url, { ...init, redirect: 'manual', signal: init.signal ?? null, body: init.body ?? null });

/** A browser that also remembers every address that it asked for. */
export class VisitingBrowser extends HttpBrowser {
  readonly visited: readonly string[];

  constructor(visit: HttpBrowser['visit']) {
    const visited: string[] = [];
    const fetch: Fetch = (url, init) => {
      visited.push(url);
      return fetchOnce(url, init);
    };
    super(fetch, visit);
    this.visited = visited;
  }
}

/** A browser in which this user signs in to whatever is opened. */
export function browserOf(user: User, signUp = false): VisitingBrowser {
  return new VisitingBrowser(personNamed(user, signUp));
}

/**
 * Signs in with the built program, as somebody who opens the address that it shows. A confidential application's
 * secret comes from the environment.
 *
 * @param args beside the flags of the registration; tokens are kept in a file unless these say otherwise
 */
export async function signIn(
  registration: Registration,
  port: number,
  options: ProgramOptions,
  args: readonly string[] = [],
  browser = browserOf(registration.user),
): Promise<SignInRun> {
  const program = startSignIn(registration, port, options, args);
  const url = await goThere(browser, program);
  return { outcome: await program.ended, url, browser };
}

/** Opens the address that a program shows in a browser, and waits until the browser is done. */
export async function goThere(browser: HttpBrowser, program: RunningProgram): Promise<string> {
  const url = await program.address();
  await browser.open(url);
  await browser.finished();
  return url;
}

/** Starts such a sign-in, which waits for somebody to open its address. */
export function startSignIn(
  registration: Pick<Registration, 'flags' | 'appSecret'>,
  port: number,
  options: ProgramOptions,
  args: readonly string[] = [],
): RunningProgram {
  const environment = { ...secretOf(registration), ...options.environment };
  return startProgram(signInCommand(registration, port, args), { ...options, environment });
}

function signInCommand(
  { flags }: Pick<Registration, 'flags'>,
  port: number,
  args: readonly string[],
): readonly string[] {
  const storage = args.includes('--storage') ? [] : ['--storage', 'file'];
  return ['sign-in', ...flags, '--port', String(port), '--no-browser', ...storage, ...args];
}

function secretOf({ appSecret }: Pick<Registration, 'appSecret'>): Record<string, string> {
  return appSecret === undefined ? {} : { LOGTO_APP_SECRET: appSecret };
}

/**
 * Signs in once, in a home of its own.
 *
 * @returns makes a copy of that home for the test that runs, and removes it with the test
 */
export async function signedInHome(
  registration: Registration,
  port: number,
  args: readonly string[] = [],
): Promise<{ copy(): Promise<string>; remove(): Promise<void> }> {
  const home = await mkdtemp(join(tmpdir(), 'logto-cli-signed-in-'));
  const program = new RunningProgram(signInCommand(registration, port, args), {
    home,
    environment: secretOf(registration),
  });
  await goThere(browserOf(registration.user), program);
  const { exitCode, stderr } = await program.ended;
  if (exitCode !== 0) throw new Error(`the sign-in failed: ${stderr}`);
  return {
    async copy() {
      const directory = await temporaryDirectory();
      await cp(home, directory, { recursive: true });
      return directory;
    },
    remove: () => rm(home, { recursive: true, force: true }),
  };
}

/** Every file that the program keeps in its home, with its content. */
export function filesOf(home: string): Record<string, string> {
  if (!existsSync(home)) return {};
  const names = readdirSync(home, { recursive: true, encoding: 'utf8' });
  // The cache holds nothing of a session, and may change with every look at the provider.
  const kept = names.filter((name) => !name.startsWith('cache'));
  const files = kept.filter((name) => statSync(join(home, name)).isFile()).sort();
  return Object.fromEntries(files.map((name) => [name, readFileSync(join(home, name), 'utf8')]));
}

/** The record of a profile's tokens in its file, or `null`. */
// biome-ignore lint/suspicious/noExplicitAny: the record's shape is the program's own business
export function tokensOf(home: string, profile = 'default'): any {
  const records = Object.entries(filesOf(join(home, 'sessions', profile)));
  const [, text] = records.find(([, content]) => content.includes('"idToken"')) ?? [];
  return text === undefined ? null : JSON.parse(text);
}

/** Everything in a token record that nobody may read. */
export function secretsIn(tokens: ReturnType<typeof tokensOf>): string[] {
  const { idToken, refreshToken, accessTokens } = tokens;
  return [idToken, refreshToken, ...accessTokens.map(({ token }: { token: string }) => token)].filter(
    Boolean,
  );
}

/** Asserts that a text gives nothing away: no secret, no part of the authorization URL, no code verifier. */
export function expectNothingSecret(
  text: string,
  authorizationUrl: string,
  secrets: readonly string[],
): void {
  const { searchParams } = new URL(authorizationUrl);
  const parameters = ['state', 'nonce', 'code_challenge'].map((name) => searchParams.get(name) ?? name);
  // The verifier is never seen here, but whatever hashes to the challenge is it (RFC 7636, section 4.2).
  const verifiers = (text.match(/[\w\-.~]{43,128}/g) ?? []).filter(
    (word) => createHash('sha256').update(word).digest('base64url') === searchParams.get('code_challenge'),
  );
  expect([...parameters, ...secrets].filter((secret) => text.includes(secret))).toEqual([]);
  expect(verifiers).toEqual([]);
}

/** A text without the line that is this address. */
export function withoutLine(text: string, address: string): string {
  const lines = text.split('\n');
  expect(lines.filter((line) => line === address)).toHaveLength(1);
  return lines.filter((line) => line !== address).join('\n');
}

/** What a test expects of a moment in a document. */
export const moment = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
