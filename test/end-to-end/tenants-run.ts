import { type ProgramOutcome, runProgram, startProgram } from '../support/program.js';
import { temporaryDirectory } from '../support/temporary-directory.js';
import { startTenantsProvider, type TenantsProvider } from '../support/tenants-provider.js';

/** A provider with tenants, and a home of somebody who keeps tokens in files. */
export class TenantsRun {
  private constructor(
    readonly provider: TenantsProvider,
    readonly home: string,
  ) {}

  static async start(): Promise<TenantsRun> {
    return new TenantsRun(await startTenantsProvider(), await temporaryDirectory());
  }

  close(): Promise<void> {
    return this.provider.lying.close();
  }

  /** The flags that name the provider and its application. */
  get flags(): string[] {
    const { place, lying } = this.provider;
    return [
      ...['--issuer', place.issuer, '--discovery-url', place.discoveryUrl],
      ...['--app-id', lying.clientId],
    ];
  }

  /** What the provider was asked, step by step. */
  get asked(): string[] {
    return this.provider.lying.requests.map(({ step }) => step);
  }

  /** Runs the program to its end. */
  run(
    args: readonly string[],
    environment: Readonly<Record<string, string>> = {},
    stdin = '',
  ): Promise<ProgramOutcome> {
    const { home } = this;
    return runProgram(args, { home, stdin, environment: { LOGTO_CLI_STORAGE: 'file', ...environment } });
  }

  /** Signs in as somebody whose browser is signed in at the provider. */
  async signIn(
    args: readonly string[],
    environment: Readonly<Record<string, string>> = {},
    { lying } = this.provider,
  ): Promise<ProgramOutcome> {
    const program = startProgram(['sign-in', '--no-browser', '--port', '0', '--json', ...args], {
      home: this.home,
      environment: { LOGTO_CLI_STORAGE: 'file', ...environment },
    });
    const shown = await Promise.race([program.address(), program.ended]);
    if (typeof shown !== 'string') return shown;
    await fetch(await lying.authorize(shown));
    return program.ended;
  }
}
