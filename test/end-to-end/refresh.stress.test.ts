import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { LogtoClient } from '../../src/client/logto-client.js';
import { createFetch } from '../../src/network/create-fetch.js';
import { fileLock } from '../../src/storage/lock.js';
import { RunningProgram } from '../support/program.js';
import { programsAtOnce } from '../support/programs-at-once.js';
import {
  expire,
  sessionStorage,
  signInAt,
  startWatchedEmulator,
  type WatchedEmulator,
} from '../support/session-home.js';
import { temporaryDirectory } from '../support/temporary-directory.js';
import { filesOf, tokensOf } from './sign-in-run.js';

const environment = { LOGTO_CLI_STORAGE: 'file' };
const refreshGrant = 'POST /oidc/token refresh_token';

/** The whole measure takes minutes; a tenth or so of it finds what breaks, at every run of the tests. */
const isWhole = process.env['LOGTO_CLI_TEST_STRESS'] === 'whole';
const kills = isWhole ? 200 : 30;
const refreshes = isWhole ? 2000 : 300;

function userInfoStatus(emulator: WatchedEmulator, token: string): Promise<number> {
  return fetch(`${emulator.issuer}/me`, { headers: { Authorization: `Bearer ${token}` } }).then(
    ({ status }) => status,
  );
}

/** What a refresh leaves behind and what it is made of: the record, and nothing else. */
const record = ['sessions/default/key-token%53et'];

let home: string;
beforeEach(async () => {
  home = await temporaryDirectory();
});

describe('100 processes with an expired access token', () => {
  it('cost one refresh and have the same token, which works', { timeout: 600_000 }, async () => {
    const emulator = await startWatchedEmulator();
    try {
      await signInAt(emulator, home);
      await new RunningProgram(['token', '--refresh'], { home, environment }).ended;
      await expire(home);
      emulator.takeRequests();

      const outcomes = await programsAtOnce(100, ['token'], { home, environment });

      expect(outcomes.filter(({ exitCode, stderr }) => exitCode !== 0 || stderr !== '')).toEqual([]);
      expect(emulator.takeRequests()).toEqual([refreshGrant]);
      const tokens = new Set(outcomes.map(({ stdout }) => stdout));
      expect(tokens.size).toBe(1);
      expect([...tokens][0]).toBe(`${tokensOf(home).accessTokens[0].token}\n`);
      expect(await userInfoStatus(emulator, [...tokens].join('').trim())).toBe(200);
      expect(Object.keys(filesOf(home))).toEqual(record);
    } finally {
      await emulator.close();
    }
  });
});

/** What became of a refresh whose process was killed. */
type Fate =
  /** It had printed its token by then. */
  | 'finished'
  /** The provider had not been asked, or had not answered. */
  | 'not answered'
  /** The answer was on its way, or in the memory of the process: its refresh token is nowhere. */
  | 'answer lost'
  | 'stored';

/** A home and a provider of its own, so that every request at it is known to be this one's. */
class KilledRefreshes {
  readonly fates: Record<Fate, number> = { finished: 0, 'not answered': 0, 'answer lost': 0, stored: 0 };
  /** Sessions that went with a lost answer. */
  ended = 0;
  /** What no run may do. */
  readonly broken: string[] = [];
  /** Milliseconds that the longest refresh after a killed one took. */
  slowest = 0;
  /** Milliseconds that an undisturbed refresh takes here. */
  #usual = 0;

  constructor(
    readonly home: string,
    readonly emulator: WatchedEmulator,
  ) {}

  async signIn(): Promise<void> {
    await signInAt(this.emulator, this.home);
    const began = performance.now();
    await this.#refresh().ended;
    this.#usual = performance.now() - began;
  }

  /** @param afterAnswer kills after the provider has answered, and not at any moment of the process */
  async run(afterAnswer: boolean): Promise<void> {
    const before = tokensOf(this.home).refreshToken;
    this.emulator.requests.length = 0;
    const program = this.#refresh();
    const kill = () => program.kill('SIGKILL');
    if (afterAnswer) {
      this.emulator.onRequest = ({ grantType }) => {
        if (grantType === 'refresh_token') setTimeout(kill, Math.random() * 120);
      };
    } else setTimeout(kill, Math.random() * this.#usual * 1.1);
    const { exitCode } = await program.ended;
    this.emulator.onRequest = () => {};
    const fate = await this.#fateOf(before, exitCode);
    this.fates[fate] += 1;
    // Past the grace that the provider gives: what is lost is lost.
    if (fate === 'answer lost') await new Promise((resolve) => setTimeout(resolve, 3100));
    await this.#expectNext(fate);
  }

  async #fateOf(before: string, exitCode: number | null): Promise<Fate> {
    // A request of the killed process that has arrived is answered before this one.
    await fetch(`${this.emulator.issuer}/.well-known/openid-configuration`);
    const answers = this.emulator.requests.filter(({ what }) => what === refreshGrant);
    if (answers.length > 1) this.broken.push(`${answers.length} refreshes in one run`);
    const isStored = tokensOf(this.home).refreshToken !== before;
    if (isStored && answers.length === 0) this.broken.push('a refresh token that was never issued');
    if (exitCode === 0) return 'finished';
    if (isStored) return 'stored';
    return answers.length > 0 ? 'answer lost' : 'not answered';
  }

  async #expectNext(fate: Fate): Promise<void> {
    const began = performance.now();
    const { exitCode, stderr } = await this.#refresh().ended;
    this.slowest = Math.max(this.slowest, performance.now() - began);
    if (exitCode === 0) return;
    if (fate !== 'answer lost' || exitCode !== 4 || !stderr.includes('(session_expired)')) {
      this.broken.push(`after "${fate}": ${exitCode} ${stderr}`);
    }
    this.ended += 1;
    await this.signIn();
  }

  #refresh(): RunningProgram {
    return new RunningProgram(['token', '--refresh'], { home: this.home, environment });
  }
}

describe(`${kills} processes killed at a random moment of a refresh`, () => {
  it('cost no session but those whose answer was lost in flight', { timeout: 600_000 }, async () => {
    const workers = await Promise.all(
      Array.from(
        { length: 4 },
        async () => new KilledRefreshes(await temporaryDirectory(), await startWatchedEmulator()),
      ),
    );
    try {
      let started = 0;
      await Promise.all(
        workers.map(async (worker) => {
          await worker.signIn();
          // At any moment, and as often in the short time that matters most.
          while (started < kills) await worker.run(started++ % 2 === 0);
        }),
      );
      const sum = (fate: Fate) => workers.reduce((total, { fates }) => total + fates[fate], 0);
      const ended = workers.reduce((total, worker) => total + worker.ended, 0);
      const slowest = Math.round(Math.max(...workers.map((worker) => worker.slowest)));
      process.stdout.write(
        `${kills} refreshes killed: ${sum('not answered')} before an answer, ${sum('answer lost')} with the answer in ` +
          `flight (${ended} of these sessions ended), ${sum('stored')} after storing, ${sum('finished')} too late; ` +
          `the next refresh took ${slowest} ms at most\n`,
      );

      expect(workers.flatMap(({ broken }) => broken)).toEqual([]);
      expect(ended).toBeLessThanOrEqual(sum('answer lost'));
      expect(sum('not answered') + sum('answer lost') + sum('stored') + sum('finished')).toBe(kills);
      for (const { home: place } of workers) {
        const left = Object.keys(filesOf(place)).filter((name) => !name.endsWith('.tmp'));
        expect(left).toEqual(record);
      }
    } finally {
      await Promise.all(workers.map(({ emulator }) => emulator.close()));
    }
  });
});

describe(`${refreshes} refreshes in a row`, () => {
  it('leave a storage of the same size, and no lock', { timeout: 600_000 }, async () => {
    const emulator = await startWatchedEmulator();
    try {
      await signInAt(emulator, home);
      const locks = join(home, 'locks');
      const client = new LogtoClient(
        { endpoint: emulator.endpoint, appId: 'emulator-native' },
        {
          storage: sessionStorage(home),
          lock: fileLock({ path: join(locks, 'default.lock') }),
          fetch: await createFetch({ environment: {} }),
        },
      );
      const sizes = new Set<number>();
      const refreshTokens = new Set<string>();
      for (let count = 0; count < refreshes; count += 1) {
        await client.obtainAccessToken({ refresh: true });
        const files = readdirSync(join(home, 'sessions', 'default'));
        expect(files).toHaveLength(1);
        sizes.add(statSync(join(home, 'sessions', 'default', files[0] ?? '')).size);
        refreshTokens.add(tokensOf(home).refreshToken);
      }

      expect(refreshTokens.size).toBe(refreshes);
      expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(64);
      expect(readdirSync(locks)).toEqual([]);
      expect(emulator.requests.filter(({ what }) => what === refreshGrant)).toHaveLength(refreshes);
      process.stdout.write(`${refreshes} refreshes: ${[...sizes].sort().join(', ')} bytes stored\n`);
    } finally {
      await emulator.close();
    }
  });
});
