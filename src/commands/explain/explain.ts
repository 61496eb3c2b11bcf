import type { Command } from 'commander';
import { type ErrorCode, exitCodes, LogtoError } from '../../errors.js';
import { topicNamed } from '../../help/topics.js';
import type { CommandContext } from '../../session/command-context.js';
import { shellWords } from '../../shell-word.js';
import type { ConfigureCommand, OutputFlags } from '../command.js';
import { outputOption } from '../options.js';

/** `explain`: what an error code means, its likely causes, how to tell them apart and how to fix each. */
export const configureExplain: ConfigureCommand = (command, run) => {
  command.explainedBy({
    examples: [
      'logto-cli explain redirect_uri_not_registered',
      'logto-cli explain 9',
      'logto-cli explain callback.other-browser',
      'logto-cli explain id-token',
      'logto-cli explain',
    ],
    notes: [
      'The code of an error stands in parentheses after its message, and is the field "code" with --json. So does the id of a check, in a report; what stands before its dot is its group.',
    ],
  });
  command
    .argument('[code]', 'an error code, an exit code, or a check or group of checks; without one, every code')
    .option(...outputOption.json)
    .action((word: string | undefined, flags: OutputFlags) =>
      run(flags, (context) => explain(context, word, pageOf(word, command.parent?.commands ?? []))),
    );
};

/** The name of the command or topic that has a page of the help by this word; `undefined` where there is none. */
function pageOf(word = '', commands: readonly Command[]): string | undefined {
  const typed = word.toLowerCase();
  const command = commands.find((one) => [one.name(), ...one.aliases()].includes(typed));
  return command?.name() ?? topicNamed(typed)?.name;
}

/** @param page the page of the help that the word names */
async function explain(
  { runtime, output }: CommandContext,
  word: string | undefined,
  page: string | undefined,
): Promise<undefined> {
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
  // Checks bring all that they are made of.
  const checkPages = word === undefined || /^\d+$/.test(word) ? null : await import('./check-page.js');
  const found = checkPages?.checksNamed(word ?? '') ?? [];
  if (checkPages !== null && found.length > 0) {
    const documents = found.map(checkPages.checkDocument);
    output.result(
      documents.length === 1 ? documents[0] : { explained: documents },
      found.flatMap((one, index) => [
        ...(index === 0 ? [] : ['']),
        ...checkPages.checkPageLines(one, runtime.stdout),
      ]),
    );
    return undefined;
  }
  const exits = [...exitMeanings.keys()].filter((exit) =>
    word === undefined ? codesOf(exit).length > 0 && !isSecondExit(exit) : String(exit) === word,
  );
  if (exits.length === 0) {
    const name = word ?? '';
    if (page !== undefined) throw unknown(name, [`logto-cli ${shellWords(['help', page])}`]);
    // What a provider says, by the code that it is reported with.
    const { codesOfError } = await import('../../oidc/error/codes-of-error.js');
    const reported = codesOfError(name.toLowerCase());
    if (reported.length > 0) throw unknown(name, reported);
    throw unknown(name, nearest(name, nearestCodes(name), checkPages?.nearestChecks(name) ?? []));
  }
  const codes = exits
    .flatMap(codesOf)
    .map((code) => ({ code, exitCode: exitCodes[code], meaning: explanations[code].meaning }));
  output.result({ codes }, [
    ...listLines(exits, runtime.stdout),
    ...(codes.length === 0 ? [] : ['', 'More about one: logto-cli explain <code>']),
  ]);
  return undefined;
}

/** Checks have dots and dashes in their names, codes have neither. */
function nearest(word: string, codes: readonly ErrorCode[], checks: readonly string[]): readonly string[] {
  return /[.-]/.test(word) && checks.length > 0 ? checks : codes.length > 0 ? codes : checks;
}

function unknown(word: string, names: readonly string[]): LogtoError {
  return new LogtoError(
    'usage_invalid',
    `There is no error code ${JSON.stringify(word)}${/^\d+$/.test(word) ? ', and no such exit code' : ' and no check of that name'}.`,
    `${names.length === 0 ? '' : `Did you mean ${names.join(' or ')}? `}See all of them with: logto-cli explain`,
  );
}
