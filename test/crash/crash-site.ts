import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseTokenSet, type TokenSet, tokenSetKey } from '../../src/client/token-set.js';
import type { LogtoError } from '../../src/errors.js';
import { listenForCallback } from '../../src/loopback/listen-for-callback.js';
import { deleteAppSecret, writeAppSecret } from '../../src/profile/app-secret.js';
import { readConfiguration, updateConfiguration, withProfile } from '../../src/profile/config-file.js';
import { fileLock } from '../../src/storage/lock.js';
import { memoryLock } from '../../src/storage/memory-lock.js';
import { filesOf } from '../end-to-end/sign-in-run.js';
import { freePort } from '../support/free-port.js';
import type { Step } from '../support/lies.js';
import { type LyingProvider, startLyingProvider } from '../support/lying-provider.js';
import { RunningProgram } from '../support/program.js';
import { runInProcess } from '../support/run-in-process.js';
import { sessionStorage, signInAtLiar } from '../support/session-home.js';
import type { Json } from '../support/signed-jwt.js';
import { testRuntime } from '../support/test-runtime.js';
import type { Journey, Stored } from './journeys.js';

/** A moment at which the program is killed. */
export type Moment =
  /** Right before it changes something on the disk for the `number`th time. */
  | { readonly kind: 'disk'; readonly number: number }
  /** When a request of it has come, or its answer has been sent. */
  | { readonly kind: 'request' | 'answer'; readonly step: Step }
  /** When it has shown an address and waits, or the browser has seen the last page. */
  | { readonly kind: 'waiting' | 'browsed' }
  | { readonly kind: 'time'; readonly milliseconds: number };

/** What became of one run. */
export interface Crash {
  readonly journey: string;
  readonly moment: string;
  /** False: it had ended before. */
  readonly killed: boolean;
  readonly stored: Stored;
  /** The provider had spent the refresh token, and what it gave for it was lost on the way. */
  readonly answerLost: boolean;
  /** What a crash may not cost. */
  readonly broken: readonly string[];
  /** Milliseconds that the next command took. */
  readonly nextTook: number;
}

/** Goes with the session that it came with. */
const appSecret = 'secret-of-the-application';

const preload = new URL('../support/storage-kill-points.js', import.meta.url).href;

/** What a crash may leave beside the session: nothing secret, and what the next write or a minute sweeps away. */
const harmless = [
  /^config\.json(\.[\da-f-]{36}\.tmp)?$/,
  /^sessions\/default\/key-probe-[\da-f-]{36}(\.[\da-f-]{36}\.tmp)?$/,
];

/** A machine with one user, on which the program is killed again and again, and a provider of its own. */
export class CrashSite {
  readonly #provider: LyingProvider;
  readonly #port: number;
  /** The tokens that the provider gave, one set for each answer. */
  readonly #answers: Json[] = [];
  #home = '';

  private constructor(provider: LyingProvider, port: number) {
    this.#provider = provider;
    this.#port = port;
  }

  static async open(): Promise<CrashSite> {
    return new CrashSite(await startLyingProvider(), await freePort());
  }

  close(): Promise<void> {
    return this.#provider.close();
  }

  /** Everything that a journey changes on the disk when nobody kills it, in order, and its milliseconds. */
  async measure(journey: Journey): Promise<{ readonly steps: readonly string[]; readonly took: number }> {
    return await this.#withHome(journey, async () => {
      const began = performance.now();
      const { exitCode, stderr } = await this.#run(journey, { kind: 'disk', number: 0 });
      if (exitCode !== 0) throw new Error(`${journey.name} failed, and nobody had killed it: ${stderr}`);
      return { steps: await this.#steps(), took: performance.now() - began };
    });
  }

  /** Kills a journey at a moment, and looks at what is left and at the command that comes next. */
  async crash(journey: Journey, moment: Moment): Promise<Crash> {
    return await this.#withHome(journey, async () => {
      const known = this.#answers.length;
      const { signal } = await this.#run(journey, moment);
      const stored = await this.#stored(known);
      const broken: string[] = [];
      if (stored === 'broken') broken.push('the session is damaged, or mixed of two');
      else if (!(stored in journey.nextEnds)) broken.push(`${stored} is stored`);
      const state = stored === 'broken' ? 'none' : stored;
      if (signal === null && state !== journey.leaves) broken.push(`it ended by itself and left ${state}`);
      const answerLost = journey.signedIn && state === 'old' && this.#refreshesSince(known) > 0;
      if (moment.kind === 'browsed' && state === 'new') await this.#expectRecorded(broken);
      const nextTook = await this.#next(journey, state, answerLost, broken);
      await this.#lookAround(journey, broken);
      const killed = signal === 'SIGKILL';
      const steps = await this.#steps();
      const name = moment.kind === 'disk' ? `before "${steps.at(-1)}" (${moment.number})` : nameOf(moment);
      return { journey: journey.name, moment: name, killed, stored: state, answerLost, broken, nextTook };
    });
  }

  async #withHome<T>(journey: Journey, work: () => Promise<T>): Promise<T> {
    this.#home = await mkdtemp(join(tmpdir(), 'logto-cli-crash-'));
    try {
      await writeFile(this.#stepsFile, '');
      this.#provider.lies = {
        tokenResponse: (body) => {
          this.#answers.push(body);
          return body;
        },
      };
      if (journey.signedIn) await this.#signIn();
      return await work();
    } finally {
      await rm(this.#home, { recursive: true, force: true });
    }
  }

  /** What a sign-in to a confidential application leaves behind. */
  async #signIn(): Promise<void> {
    await signInAtLiar(this.#provider, this.#home);
    this.#provider.requests.length = 0;
    const { issuer, clientId } = this.#provider;
    await writeAppSecret(sessionStorage(this.#home), 'session', { issuer, appId: clientId }, appSecret);
    await updateConfiguration(this.#home, memoryLock(), (configuration) =>
      withProfile(configuration, 'default', { session: 'file' }),
    );
  }

  async #run(journey: Journey, moment: Moment) {
    const program = new RunningProgram(journey.args(this.#provider, this.#port), {
      home: this.#home,
      environment: {
        LOGTO_CLI_STORAGE: 'file',
        NODE_OPTIONS: `--import=${preload}`,
        TEST_STEPS: this.#stepsFile,
        TEST_KILL_AT: String(moment.kind === 'disk' ? moment.number : 0),
      },
    });
    const kill = () => program.kill('SIGKILL');
    if (moment.kind === 'time') setTimeout(kill, moment.milliseconds);
    if (moment.kind === 'request' || moment.kind === 'answer') this.#killAt(moment.step, moment.kind, kill);
    const seen = moment.kind === 'waiting' ? program.address() : journey.browse?.(program, this.#provider);
    // It may die meanwhile, as it should.
    seen?.then(() => (moment.kind === 'waiting' || moment.kind === 'browsed') && kill()).catch(() => {});
    const outcome = await program.ended;
    // A request of the killed program that has arrived is answered before this one.
    await fetch(`${this.#provider.issuer}/.well-known/openid-configuration`);
    this.#provider.lies = { ...this.#provider.lies, answers: {} };
    return outcome;
  }

  #killAt(step: Step, kind: 'request' | 'answer', kill: () => void): void {
    this.#provider.lies.answers = {
      [step]: (_request: unknown, response: { once(event: 'finish', act: () => void): unknown }) => {
        if (kind === 'request') kill();
        else response.once('finish', kill);
        return 'honest' as const;
      },
    };
  }

  async #stored(known: number): Promise<Stored | 'broken'> {
    const text = await sessionStorage(this.#home)
      .get(tokenSetKey)
      .catch(() => '');
    if (text === null) return 'none';
    const record = wholeRecord(text);
    if (record === null) return 'broken';
    const { idToken, refreshToken, accessTokens } = record;
    const index = this.#answers.findIndex(
      (answer) =>
        answer['id_token'] === idToken &&
        answer['refresh_token'] === refreshToken &&
        answer['access_token'] === accessTokens[0]?.token,
    );
    if (index === -1) return 'broken';
    return index < known ? 'old' : 'new';
  }

  #refreshesSince(known: number): number {
    const refreshes = this.#provider
      .requestsTo('token')
      .filter(({ form }) => form.get('grant_type') === 'refresh_token');
    return this.#answers.length > known ? refreshes.length : 0;
  }

  /** Where the session is must be known before the browser says that all is well. */
  async #expectRecorded(broken: string[]): Promise<void> {
    const { profiles } = await readConfiguration(this.#home);
    if (profiles['default']?.session !== 'file') broken.push('where the session is was not recorded');
  }

  async #next(journey: Journey, stored: Stored, answerLost: boolean, broken: string[]): Promise<number> {
    const began = performance.now();
    const runtime = testRuntime({ home: this.#home, environment: { LOGTO_CLI_STORAGE: 'file' } });
    const end = await runInProcess(runtime, journey.next).catch((error: LogtoError) => error.code);
    const expected = answerLost ? 'session_expired' : journey.nextEnds[stored];
    if (end !== expected)
      broken.push(`${journey.next.join(' ')} ended with ${end} while ${stored} is stored`);
    return performance.now() - began;
  }

  /** No lock that holds up anybody, no listener, and after the session is forgotten nothing secret. */
  async #lookAround(journey: Journey, broken: string[]): Promise<void> {
    for (const name of ['default', '.config'])
      await fileLock({ path: join(this.#home, 'locks', `${name}.lock`), patience: 3000 })(async () => {});
    const redirectUri = `http://localhost:${this.#port}/callback`;
    const listener = await listenForCallback({ kind: 'sign-in', redirectUri });
    await listener.close();
    const storage = sessionStorage(this.#home);
    if (journey.leaves !== 'none') await deleteAppSecret(storage, 'session');
    await storage.delete(tokenSetKey);
    const secrets = [appSecret, ...this.#provider.issued];
    for (const [name, content] of Object.entries(filesOf(this.#home))) {
      const isOurs = name === 'steps' || harmless.some((pattern) => pattern.test(name));
      if (!isOurs || secrets.some((secret) => content.includes(secret))) broken.push(`${name} is left`);
    }
  }

  async #steps(): Promise<readonly string[]> {
    return (await readFile(this.#stepsFile, 'utf8')).trim().split('\n');
  }

  get #stepsFile(): string {
    return join(this.#home, 'steps');
  }
}

/** The token set in a record; `null` for one that no command could read. */
function wholeRecord(text: string): TokenSet | null {
  try {
    return parseTokenSet(text);
  } catch {
    return null;
  }
}

function nameOf(moment: Exclude<Moment, { kind: 'disk' }>): string {
  switch (moment.kind) {
    case 'request':
      return `when it asked for ${moment.step}`;
    case 'answer':
      return `when ${moment.step} was answered`;
    case 'waiting':
      return 'while it waited for the browser';
    case 'browsed':
      return 'when the browser had seen the last page';
    case 'time':
      return `after ${Math.round(moment.milliseconds)} ms`;
  }
}
