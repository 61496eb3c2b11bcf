import { widest } from '../output/widest.js';
import type { CommandContext, ConfigureCommand, OutputFlags } from './command.js';
import { outputOption } from './options.js';

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
  // From the first moment on: what it prints says that Ctrl-C ends it.
  const steps = await interruptible(runtime, () => runDemo(runtime, output, inBrowser));
  const width = widest(steps.map(({ step }) => step));
  output.result(
    { steps },
    steps.map(({ step, message }) => `${output.paint.green('✓')} ${step.padEnd(width)}  ${message}`),
  );
  return undefined;
}
