import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { freePort } from '../support/free-port.js';
import { changeRecord, sessionStorage } from '../support/session-home.js';
import { type Caller, Person } from './application-run.js';
import type { InteropProvider, RunningProvider } from './interop-provider.js';
import { endOf, findingsOf, linesWith, sorted, soundDocument, told } from './outcomes.js';
import type { Callers, Truth } from './truth.js';

/** Runs the whole program against a provider and its applications. */
export function interopSuite(provider: InteropProvider, truth: Truth): void {
  const { untrue = /(?!)/ } = truth;
  describe.skipIf(isMissing(provider))(provider.name, () => {
    let running: RunningProvider;
    let callers: Callers;
    const callerOf = (name: string): Caller => callers[name] ?? expect.unreachable(`no ${name}`);
    beforeAll(async () => {
      running = await start(provider, randomUUID());
      callers = callersOf(running, truth);
    });
    afterAll(() => running?.stop());

    describe.each(Object.entries(truth.applications))('%s', (name, expected) => {
      it('signs a person in, asks UserInfo, refreshes, and signs out', async () => {
        const person = await Person.new(running, callerOf(name));
        const { issuer, appId } = callerOf(name);

        const signedIn = soundDocument((await person.signIn()).outcome);
        expect(signedIn).toMatchObject({ issuer, appId, hasRefreshToken: true });

        const asked = soundDocument(await person.run(['whoami', '--remote', '--json']));
        expect(asked.userInfo).toEqual({ sub: signedIn.subject, ...expected.userInfo });

        const refreshed = soundDocument(await person.run(['token', '--refresh', '--json']));
        expect(refreshed.expiresAt >= asked.accessTokens[0].expiresAt).toBe(true);
        const after = soundDocument(await person.run(['whoami', '--remote', '--json']));
        expect(after).toMatchObject({ subject: signedIn.subject, hasRefreshToken: true });

        const storage = sessionStorage(person.home);
        const session = (await storage.get('tokenSet')) ?? expect.unreachable('no session');
        const { outcome } = await person.signOut();
        const { exitCode, ...done } = expected.signOut;
        expect(JSON.parse(outcome.stdout)).toMatchObject({ tokens: 'cleared', ...done });
        expect(endOf(outcome)).toEqual({ exitCode });
        // As whoever has a copy of it.
        await storage.set('tokenSet', session);
        expect(endOf(await person.run(['token', '--refresh', '--json']))).toEqual(expected.oldRefreshToken);
      });

      it('doctor finds what is there, with a session and without', async () => {
        const person = await Person.new(running, callerOf(name));
        const before = await person.check('doctor');
        expect.soft(linesWith(before, untrue)).toEqual([]);
        expect(findingsOf(before), told(before)).toEqual(sorted(expected.doctor));
        soundDocument((await person.signIn()).outcome);
        const after = await person.check('doctor');
        expect(findingsOf(after), told(after)).toEqual(sorted(expected.doctor));
      });

      it('test finds what is there', async () => {
        const person = await Person.new(running, callerOf(name));
        const outcome = await person.check('test');
        expect.soft(linesWith(outcome, untrue)).toEqual([]);
        const { code: _, ...found } = findingsOf(outcome);
        expect(found, told(outcome)).toEqual(sorted(expected.test));
      });
    });

    it('a secret needs no particular characters', async () => {
      const other = await start(provider, 'a-b.c_d~e f+g/h%i:j=k&l');
      onTestFinished(() => other.stop());
      const person = await Person.new(other, callersOf(other, truth).confidentialApp);
      soundDocument((await person.signIn()).outcome);
      soundDocument(await person.run(['token', '--refresh', '--json']));
      const outcome = await person.check('doctor');
      const expected = sorted(truth.oddSecret ?? truth.applications['confidentialApp']?.doctor ?? {});
      expect(findingsOf(outcome), told(outcome)).toEqual(expected);
    });

    it('an access token that is not one is told', async () => {
      const person = await Person.new(running, callerOf('publicApp'));
      soundDocument((await person.signIn()).outcome);
      await changeRecord(person.home, (record) => {
        record.accessTokens[0].token = 'made-up';
      });
      expect(endOf(await person.run(['whoami', '--remote', '--json']))).toEqual(truth.madeUp.accessToken);
    });

    it('a refresh token that is not one is told', async () => {
      const person = await Person.new(running, callerOf('publicApp'));
      soundDocument((await person.signIn()).outcome);
      await changeRecord(person.home, (record) => {
        record.refreshToken = 'made-up';
      });
      expect(endOf(await person.run(['token', '--refresh', '--json']))).toEqual(truth.madeUp.refreshToken);
    });

    describe.each(truth.broken)('$title', ({ changed, doctor, signIn, whoami }) => {
      it('doctor tells it, or that it cannot be told', async () => {
        const person = await Person.new(running, changed(callers));
        const outcome = await person.check('doctor');
        const { warning, ...found } = findingsOf(outcome);
        const { code, ...expected } = doctor;
        const all = { ...sorted(expected), warning, ...(code && { code }) };
        expect({ ...found, warning }, told(outcome)).toEqual(all);
      });

      it('a sign-in ends with it', async () => {
        const person = await Person.new(running, changed(callers));
        const { outcome, stoppedAt } = await person.signIn();
        if ('stoppedAt' in signIn) {
          expect(stoppedAt ?? `nowhere: ${outcome.stdout}`).toMatch(signIn.stoppedAt);
          return;
        }
        expect(endOf(outcome), outcome.stdout).toEqual(signIn);
        if (whoami === undefined) return;
        expect(endOf(await person.run(['whoami', '--remote', '--json']))).toEqual(whoami);
      });
    });
  });
}

async function start(provider: InteropProvider, secret: string): Promise<RunningProvider> {
  const redirectUri = `http://localhost:${await freePort()}/callback`;
  return provider.start({ port: await freePort(), redirectUri, secret });
}

/** Everybody who does it right. */
function callersOf(running: RunningProvider, { applications }: Truth): Callers {
  const { issuer, redirectUri, publicApp, confidentialApp, further = {} } = running;
  const caller = (name: string, { id, secret }: { id: string; secret?: string }): Caller => ({
    ...{ issuer, redirectUri, appId: id, args: applications[name]?.args ?? [] },
    ...(secret !== undefined && { secret }),
  });
  return {
    ...Object.fromEntries(Object.entries(further).map(([name, known]) => [name, caller(name, known)])),
    publicApp: caller('publicApp', publicApp),
    confidentialApp: caller('confidentialApp', confidentialApp),
  };
}

/** Says so once; where everything is required, the tests fail instead of being skipped. */
function isMissing(provider: InteropProvider): boolean {
  const install = provider.missing();
  if (install === null) return false;
  if (process.env['LOGTO_CLI_TEST_REQUIRE_ALL'] === '1') throw new Error(`${provider.name}: ${install}`);
  process.stderr.write(`skipped: ${provider.name} is not there (${install})\n`);
  return true;
}
