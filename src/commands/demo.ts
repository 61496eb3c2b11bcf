import type { DemoEvent } from '../flow/demo.js';
import { widest } from '../output/widest.js';
import type { CommandContext } from '../session/command-context.js';
import type { ConfigureCommand, OutputFlags } from './command.js';
import { outputOption } from './options.js';
import { journeyProgress } from './report/journey-words.js';

interface DemoFlags extends OutputFlags {
  /** False with `--no-browser`. */
  readonly browser: boolean;
}

/** `demo`: emulator, sign-in, whoami, UserInfo and sign-out in one command that needs nothing. */
export const configureDemo: ConfigureCommand = (command, run) => {
  command.explainedBy({
    examples: ['logto-cli demo', 'logto-cli demo --no-browser', 'logto-cli demo --trace=demo.html'],
    notes: [
      'It starts a provider on this machine, signs a user in (in the browser on a terminal that has one, by itself otherwise), shows who that is, asks UserInfo and signs out. It reads no configuration, keeps nothing and leaves nothing behind.',
    ],
  });
  command
    .option('--no-browser', 'sign in by itself even where there is a browser')
    .option(...outputOption.json)
    .option(...outputOption.verbose)
    .option(...outputOption.quiet)
    .option(...outputOption.trace)
    .action((flags: DemoFlags) => run(flags, (context) => demo(context, flags)));
};

async function demo({ runtime, output }: CommandContext, { browser }: DemoFlags): Promise<undefined> {
  const [{ runDemo }, { interruptible }] = await Promise.all([
    import('../flow/demo.js'),
    import('../flow/interruptible.js'),
  ]);
  const inBrowser = browser && runtime.stderr.isTerminal && runtime.browser.available();
  const events: DemoEvent[] = [];
  const tell = (event: DemoEvent) => {
    events.push(event);
    if (event.step !== 'emulator' || !inBrowser) return;
    output.note(`Sign in as ${event.user.username} with the password ${event.user.password}`);
  };
  // From the first moment on: what it prints says that Ctrl-C ends it.
  await interruptible(runtime, () => runDemo(runtime, journeyProgress(output), inBrowser, tell));
  const how = inBrowser ? 'in the browser' : 'by itself';
  const steps = events.map((event) => ({ step: event.step, message: messageOf(event, how, runtime.now()) }));
  const width = widest(steps.map(({ step }) => step));
  output.result(
    { steps },
    steps.map(({ step, message }) => `${output.paint.green('✓')} ${step.padEnd(width)}  ${message}`),
  );
  return undefined;
}

function messageOf(event: DemoEvent, how: string, now: number): string {
  switch (event.step) {
    case 'emulator':
      return `a Logto-compatible provider ran at ${event.endpoint}`;
    case 'sign-in':
      return `${event.user.username} signed in ${how} in ${event.milliseconds} ms: authorization code with PKCE, every token validated`;
    case 'whoami': {
      const { subject, scopes, issuer, idTokenExpiresAt } = event.session;
      const minutes = Math.round((idTokenExpiresAt - now) / 60_000);
      return `subject ${subject}, scopes ${scopes.join(' ')}, ID token of ${issuer} valid for ${minutes} min`;
    }
    case 'UserInfo':
      return `answered for the same subject with ${Object.keys(event.claims).length} claims`;
    case 'token':
      return `an access token for ${event.token.resource} with the scopes ${event.token.scopes.join(' ')}`;
    case 'sign-out': {
      const { revocation, endSession } = event.outcome;
      return `refresh token revocation ${revocation}, tokens cleared, end of the provider's session ${endSession}`;
    }
  }
}
