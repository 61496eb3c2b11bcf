import { type ErrorCode, exitCodes, LogtoError } from '../../errors.js';
import type { CommandContext } from '../../session/command-context.js';
import type { ConfigureCommand, OutputFlags } from '../command.js';
import { outputOption } from '../options.js';

/** `explain`: what an error code means, its likely causes, how to tell them apart and how to fix each. */
export const configureExplain: ConfigureCommand = (command, run) => {
  command.explainedBy({
    examples: ['logto-cli explain redirect_uri_not_registered', 'logto-cli explain 9', 'logto-cli explain'],
    notes: [
      'The code of an error stands in parentheses after its message, and is the field "code" with --json.',
    ],
  });
  command
    .argument('[code]', 'an error code, or an exit code; without one, every code')
    .option(...outputOption.json)
    .action((word: string | undefined, flags: OutputFlags) =>
      run(flags, (context) => explain(context, word)),
    );
};

async function explain({ runtime, output }: CommandContext, word: string | undefined): Promise<undefined> {
  // The texts are long, and only needed here.
  const [
    { exitMeanings, explanations },
    { codesOf, isSecondExit, listLines, pageLines },
    { codeNamed, nearestCodes },
  ] = await Promise.all([
    import('../../explanation/explanations.js'),
    import('./explain-page.js'),
    import('../../explanation/nearest-codes.js'),
  ]);
  const code = word === undefined ? null : codeNamed(word);
  if (code !== null) {
    const document = { code, exitCode: exitCodes[code], ...explanations[code] };
    output.result(document, pageLines(code, runtime.stdout));
    return undefined;
  }
  const exits = [...exitMeanings.keys()].filter((exit) =>
    word === undefined ? codesOf(exit).length > 0 && !isSecondExit(exit) : String(exit) === word,
  );
  if (exits.length === 0) throw unknown(word ?? '', nearestCodes(word ?? ''));
  const codes = exits
    .flatMap(codesOf)
    .map((code) => ({ code, exitCode: exitCodes[code], meaning: explanations[code].meaning }));
  output.result({ codes }, [
    ...listLines(exits, runtime.stdout),
    ...(codes.length === 0 ? [] : ['', 'More about one: logto-cli explain <code>']),
  ]);
  return undefined;
}

function unknown(word: string, nearest: readonly ErrorCode[]): LogtoError {
  return new LogtoError(
    'usage_invalid',
    `There is no error code ${JSON.stringify(word)}${/^\d+$/.test(word) ? ', and no such exit code' : ''}.`,
    `${nearest.length === 0 ? '' : `Did you mean ${nearest.join(' or ')}? `}See all of them with: logto-cli explain`,
  );
}
