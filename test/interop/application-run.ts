import { type ProgramOptions, type ProgramOutcome, startProgram } from '../support/program.js';
import { temporaryDirectory } from '../support/temporary-directory.js';
import { InteropBrowser, type Page } from './interop-browser.js';
import type { RunningProvider } from './interop-provider.js';

/** How somebody calls an application; what is not right of it is what a test is about. */
export interface Caller {
  readonly issuer: string;
  readonly appId: string;
  /** In the environment, as in CI. */
  readonly secret?: string;
  readonly redirectUri: string;
  /** Further arguments, of `sign-in` and of the batteries. */
  readonly args?: readonly string[];
}

/** A sign-in that is over. */
export interface SignInEnd {
  readonly outcome: ProgramOutcome;
  /** Where the browser ended up; `null` where none was needed, because the answer was known before. */
  readonly stoppedAt: string | null;
  /** What the program showed in the browser at last. */
  readonly page: Page | null;
}

/** One user's machine: a home of its own, and a browser. */
export class Person {
  readonly browser: InteropBrowser;

  private constructor(
    readonly provider: RunningProvider,
    readonly caller: Caller,
    readonly home: string,
  ) {
    this.browser = new InteropBrowser(new URL(caller.redirectUri).origin);
  }

  /** Somebody who uses the program for the first time. */
  static async new(provider: RunningProvider, caller: Caller): Promise<Person> {
    return new Person(provider, caller, await temporaryDirectory());
  }

  /** Runs a command that knows provider and application from the session, or from the flags where it is given them. */
  async run(command: readonly string[]): Promise<ProgramOutcome> {
    return startProgram(command, this.#options()).ended;
  }

  /** Runs a battery of checks on the application: `doctor` or `test`. */
  check(battery: 'doctor' | 'test'): Promise<ProgramOutcome> {
    return this.run([battery, ...this.#flags(), '--json']);
  }

  /** Signs in, as far as that goes: a browser that is stuck at the provider ends the program too. */
  async signIn(): Promise<SignInEnd> {
    const args = ['sign-in', ...this.#flags(), '--no-browser', '--json', '--timeout', '60'];
    return this.#through(args, (address) => this.provider.signIn(address, this.browser));
  }

  /** Signs out of the session that is there. */
  signOut(): Promise<SignInEnd> {
    const args = ['sign-out', '--no-browser', '--json', '--timeout', '60'];
    return this.#through(args, async (address) => {
      // An address that holds an ID token is given to the browser by way of the program.
      const isDetour = new URL(address).origin === this.browser.home;
      const place = isDetour ? (await this.browser.send(address, {})).headers.get('location') : address;
      return this.provider.signOut(place ?? address, this.browser);
    });
  }

  async #through(args: readonly string[], visit: (address: string) => Promise<string>): Promise<SignInEnd> {
    const program = startProgram(args, this.#options());
    const address = await program.address().catch(() => null);
    if (address === null) return { outcome: await program.ended, stoppedAt: null, page: null };
    const stoppedAt = await visit(address);
    const isHome = new URL(stoppedAt).origin === this.browser.home;
    const page = isHome ? await this.browser.deliver(stoppedAt) : null;
    if (page === null) program.kill('SIGINT');
    return { outcome: await program.ended, stoppedAt, page };
  }

  #options(): ProgramOptions {
    const { secret } = this.caller;
    const environment = {
      LOGTO_CLI_STORAGE: 'file',
      ...(secret !== undefined && { LOGTO_APP_SECRET: secret }),
    };
    return { home: this.home, environment };
  }

  #flags(): readonly string[] {
    const { issuer, appId, redirectUri, args = [] } = this.caller;
    return ['--issuer', issuer, '--app-id', appId, '--redirect-uri', redirectUri, ...args];
  }
}
