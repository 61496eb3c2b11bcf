import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../support/free-port.js';
import { documentOf, type ProgramOutcome } from '../support/program.js';
import { type Caller, Person, type SignInEnd } from './application-run.js';
import type { InteropProvider, RunningProvider } from './interop-provider.js';

/** What is true of a provider, found by hand; `README.md` here says how. */
export interface Truth {
  readonly publicApp: ApplicationTruth;
  readonly confidentialApp: ApplicationTruth;
  readonly broken: readonly Broken[];
}

/** What is true of an application that works. */
export interface ApplicationTruth {
  /** What UserInfo tells beside the subject. */
  readonly userInfo: Readonly<Record<string, unknown>>;
  readonly doctor: Findings;
  readonly test: Findings;
  readonly signOut: {
    readonly exitCode: number;
    readonly revocation: 'done' | 'failed' | 'skipped' | 'unsupported';
    readonly endSession: 'confirmed' | 'unsupported';
  };
}

/** Checks by what became of them, in any order; all others passed or were skipped. */
export interface Findings {
  readonly failed?: readonly string[];
  readonly warning?: readonly string[];
  readonly incomplete?: readonly string[];
}

/** Something that is not as it has to be, and what can be known of it. */
export interface Broken {
  readonly title: string;
  /** @param issuer its sound one */
  readonly changed: (sound: { publicApp: Caller; confidentialApp: Caller }) => Caller;
  /** Warnings are those of the provider. `code` is that of the first check that failed. */
  readonly doctor: Omit<Findings, 'warning'> & { readonly code?: string };
  /** How a sign-in ends; `stoppedAt` is where the browser is left to the person. */
  readonly signIn: { readonly exitCode: number; readonly code?: string } | { readonly stoppedAt: RegExp };
  /** Of `whoami --remote` after that sign-in. */
  readonly whoami?: { readonly exitCode: number; readonly code: string };
}

/** Runs the whole program against a provider with a public and a confidential application. */
export function interopSuite(provider: InteropProvider, truth: Truth): void {
  describe.skipIf(isMissing(provider))(provider.name, () => {
    let running: RunningProvider;
    let sound: { publicApp: Caller; confidentialApp: Caller };
    beforeAll(async () => {
      const redirectUri = `http://localhost:${await freePort()}/callback`;
      running = await provider.start({ port: await freePort(), redirectUri, secret: randomUUID() });
      const { issuer, publicApp, confidentialApp } = running;
      sound = {
        publicApp: { issuer, redirectUri, appId: publicApp.id },
        confidentialApp: { issuer, redirectUri, appId: confidentialApp.id, secret: confidentialApp.secret },
      };
    });
    afterAll(() => running?.stop());

    describe.each(['publicApp', 'confidentialApp'] as const)('%s', (name) => {
      const expected = truth[name];

      it('signs a person in, asks UserInfo, refreshes, and signs out', async () => {
        const person = await Person.new(running, sound[name]);
        const { issuer, appId } = sound[name];

        const signedIn = documentOf(quiet((await person.signIn()).outcome));
        expect(signedIn).toMatchObject({ issuer, appId, hasRefreshToken: true });

        const asked = documentOf(quiet(await person.run(['whoami', '--remote', '--json'])));
        expect(asked.userInfo).toEqual({ sub: signedIn.subject, ...expected.userInfo });

        const refreshed = await person.run(['token', '--refresh', '--json']);
        const [before] = Object.values(asked.accessTokens) as { expiresAt: string }[];
        expect(documentOf(quiet(refreshed)).expiresAt >= (before?.expiresAt ?? 'never')).toBe(true);
        const after = documentOf(quiet(await person.run(['whoami', '--remote', '--json'])));
        expect(after).toMatchObject({ subject: signedIn.subject, hasRefreshToken: true });

        const { outcome } = await person.signOut();
        const { exitCode, ...done } = expected.signOut;
        expect(documentOf(outcome)).toMatchObject({ tokens: 'cleared', ...done });
        expect(outcome.exitCode).toBe(exitCode);
        expect(logtoIn(outcome)).toEqual([]);
      });

      it('doctor finds what is there, with a session and without', async () => {
        const person = await Person.new(running, sound[name]);
        expect(findingsOf(await person.check('doctor'))).toEqual(sorted(expected.doctor));
        expect((await person.signIn()).outcome.exitCode).toBe(0);
        expect(findingsOf(await person.check('doctor'))).toEqual(sorted(expected.doctor));
      });

      it('test finds what is there', async () => {
        const person = await Person.new(running, sound[name]);
        expect(findingsOf(await person.check('test'))).toEqual(sorted(expected.test));
      });
    });

    describe.each(truth.broken)('$title', ({ changed, doctor, signIn, whoami }) => {
      it('doctor tells it, or that it cannot be told', async () => {
        const outcome = await (await Person.new(running, changed(sound))).check('doctor');
        const { warning: _, ...found } = findingsOf(outcome);
        const { code, ...findings } = doctor;
        const { warning: __, ...expected } = sorted(findings);
        expect(found).toEqual(expected);
        if (code === undefined) return;
        const failed = documentOf(outcome).checks.find((check: Check) => check.outcome === 'failed');
        expect(failed?.code).toBe(code);
      });

      it('a sign-in ends with it', async () => {
        const person = await Person.new(running, changed(sound));
        const end = await person.signIn();
        if ('stoppedAt' in signIn) {
          expect(end.stoppedAt).toMatch(signIn.stoppedAt);
          return;
        }
        expect(endOf(end)).toEqual(signIn);
        if (whoami === undefined) return;
        const outcome = await person.run(['whoami', '--remote', '--json']);
        expect({ exitCode: outcome.exitCode, code: documentOf(outcome).error?.code }).toEqual(whoami);
      });
    });
  });
}

interface Check {
  readonly id: string;
  readonly outcome: string;
  readonly code?: string;
}

/** What a run without anything to say against looks like. */
function quiet(outcome: ProgramOutcome): ProgramOutcome {
  expect(outcome).toMatchObject({ exitCode: 0, signal: null });
  expect(logtoIn(outcome)).toEqual([]);
  return outcome;
}

function endOf({ outcome }: SignInEnd): { exitCode: number | null; code?: string } {
  expect(logtoIn(outcome)).toEqual([]);
  const code = documentOf(outcome).error?.code;
  return { exitCode: outcome.exitCode, ...(code !== undefined && { code }) };
}

/** Lines that speak of Logto to somebody who uses another provider. Names of our own are none of them. */
function logtoIn({ stdout, stderr }: ProgramOutcome): string[] {
  const lines = `${stdout}\n${stderr}`.replaceAll(/logto-cli|LOGTO_\w+/g, '').split('\n');
  return lines.filter((line) => /logto|\bConsole\b/i.test(line));
}

/** The findings of a battery, whose exit code has to follow from them. */
function findingsOf(outcome: ProgramOutcome): Required<Findings> {
  const { checks } = documentOf(outcome) as { checks: readonly Check[] };
  // Whether this machine has a display is not what this is about.
  const about = checks.filter(({ id }) => id !== 'machine.browser');
  const of = (wanted: string) => about.filter((check) => check.outcome === wanted).map(({ id }) => id);
  const found = { failed: of('failed'), warning: of('warning'), incomplete: of('incomplete') };
  expect(outcome.exitCode).toBe(found.failed.length > 0 ? 1 : found.incomplete.length > 0 ? 3 : 0);
  expect(logtoIn(outcome)).toEqual([]);
  return sorted(found);
}

function sorted({ failed = [], warning = [], incomplete = [] }: Findings): Required<Findings> {
  return { failed: failed.toSorted(), warning: warning.toSorted(), incomplete: incomplete.toSorted() };
}

/** Says so once; where everything is required, the tests fail instead of being skipped. */
function isMissing(provider: InteropProvider): boolean {
  const install = provider.missing();
  if (install === null) return false;
  if (process.env['LOGTO_CLI_TEST_REQUIRE_ALL'] === '1') throw new Error(`${provider.name}: ${install}`);
  process.stderr.write(`skipped: ${provider.name} is not there (${install})\n`);
  return true;
}
