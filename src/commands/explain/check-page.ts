import { applicationChecks } from '../../check/application/application-checks.js';
import { doctorChecks } from '../../check/doctor/doctor-checks.js';
import { type ClausedCheck, groupOf } from '../../check/run/claused-check.js';
import { nearestChecks as nearestOf } from '../../check/run/nearest-checks.js';
import { checksWithUser } from '../../check/with-user/checks-with-user.js';
import { checksWithoutUser } from '../../check/without-user/checks-without-user.js';
import { type CheckGroup, checkGroups } from '../../explanation/check-groups.js';
import { widest } from '../../output/widest.js';
import { hangingText, wrapWords } from '../../output/wrap-words.js';
import { shellWord } from '../../shell-word.js';
import { columnsFrom, type Screen, widthOf } from './explain-page.js';

/** The checks of doctor have no clause: they look for what stops a sign-in. */
type NamedCheck = Pick<ClausedCheck<never>, 'id' | 'title'> & Partial<Pick<ClausedCheck<never>, 'clause'>>;

/** Checks of one command, and how one or a group of them is run. */
interface Battery {
  readonly name: 'test-app' | 'test' | 'test --as' | 'doctor';
  readonly checks: readonly NamedCheck[];
  readonly run: (word: string) => string;
}

const batteries: readonly Battery[] = [
  {
    name: 'test-app',
    checks: applicationChecks,
    run: (word) => `logto-cli test-app <url> --only ${shellWord(word)} -- <command>`,
  },
  { name: 'test', checks: checksWithoutUser, run: (word) => `logto-cli test --only ${shellWord(word)}` },
  {
    name: 'test --as',
    checks: checksWithUser,
    run: (word) => `logto-cli test --as <user> --only ${shellWord(word)}`,
  },
  // It always runs all of them.
  { name: 'doctor', checks: doctorChecks, run: () => 'logto-cli doctor' },
];

/** A check or a group of checks that somebody has named. */
export interface ExplainedChecks {
  readonly command: Battery['name'];
  readonly group: string;
  /** The one that was named. */
  readonly check?: NamedCheck;
  /** All of the group. */
  readonly checks: readonly NamedCheck[];
  /** How those that are named are run. */
  readonly run: string;
  /** What is known of the group as a whole. */
  readonly page?: CheckGroup;
}

/** What is to be explained by this word: the group or the check of that name, of each command that has one. */
export function checksNamed(word: string): readonly ExplainedChecks[] {
  const [, prefix, rest] = /^(test-app|test|doctor)[. ](.+)$/.exec(word.toLowerCase()) ?? [];
  const name = rest ?? word.toLowerCase();
  const pages: Readonly<Record<string, CheckGroup>> = checkGroups;
  return batteries.flatMap(({ name: command, checks, run }): ExplainedChecks[] => {
    // Those with a user are a part of `test`.
    if (prefix !== undefined && command.split(' ')[0] !== prefix) return [];
    const check = checks.find(({ id }) => id === name);
    const group = check === undefined ? name : groupOf(check);
    const own = checks.filter((other) => groupOf(other) === group);
    if (own.length === 0) return [];
    const page = command === 'test-app' && Object.hasOwn(pages, group) ? pages[group] : undefined;
    return [{ command, group, ...(check && { check }), checks: own, run: run(name), ...(page && { page }) }];
  });
}

/** The document of what is explained. */
export function checkDocument({ checks, check, page, ...rest }: ExplainedChecks): object {
  const told = ({ id, title, clause }: NamedCheck) => ({
    id,
    title,
    ...(clause !== undefined && { clause }),
  });
  return { ...rest, ...(check && { check: told(check) }), ...page, checks: checks.map(told) };
}

/** The page of it, for a person. */
export function checkPageLines(explained: ExplainedChecks, screen: Screen): string[] {
  const { command, group, check, checks, run, page } = explained;
  const width = widthOf(screen);
  const { paint } = screen;
  const labelled = (label: string, text: string) => {
    const [first = '', ...others] = hangingText(label, text, width);
    return ['', `${paint.dim(label)}${first.slice(label.length)}`, ...others];
  };
  const commandWords = ['logto-cli', command].join(' ');
  const title =
    check === undefined
      ? `${group} (a group of checks of ${commandWords})`
      : `${check.id}: ${check.title} (a check of ${commandWords})`;
  const names = page?.mendings.map(({ library }) => library) ?? [];
  const lines = [
    ...wrapWords(title, width).map(paint.bold),
    ...(check?.clause === undefined ? [] : ['', ...wrapWords(`It stands on ${check.clause}.`, width)]),
    ...(page === undefined
      ? []
      : [
          ...labelled('Asked   ', page.asks),
          ...labelled('Why     ', page.why),
          ...labelled('Mended  ', page.rule),
          '',
          ...page.mendings.flatMap(({ library, how }) =>
            hangingText(`  ${library.padEnd(widest(names))}  `, how, width),
          ),
        ]),
    '',
    ...wrapWords(
      check === undefined && command !== 'doctor'
        ? 'Its checks, and what they stand on:'
        : `The checks of ${group}:`,
      width,
    ),
    ...checks.flatMap((other) => checkLines(other, check, screen, columnOf(checks, width))),
    '',
    ...wrapWords(
      `What was seen, and what to do about it, stands in the report${command === 'doctor' ? '' : '. Run them alone'}:`,
      width,
    ),
    `  ${run}`,
  ];
  return screen.hasColors
    ? lines.map((line) => line.replace(/`([^`]*)`/g, (_, words: string) => paint.bold(words)))
    : lines;
}

/** How wide the names of checks are set, and the whole line: in columns where there is room for that. */
function columnOf(
  checks: readonly NamedCheck[],
  width: number,
): { readonly names: number; readonly width: number } {
  const names = widest(checks.map(({ id }) => id));
  return { names: width < columnsFrom ? 0 : names, width };
}

function checkLines(
  { id, title, clause }: NamedCheck,
  named: NamedCheck | undefined,
  { paint }: Screen,
  { names, width }: ReturnType<typeof columnOf>,
): string[] {
  const [first = '', ...others] = hangingText(
    `  ${id.padEnd(names)}  `,
    clause === undefined ? title : `${title} [${clause}]`,
    width,
  );
  const rest = names === 0 ? others.map((line) => `    ${line.trim()}`) : others;
  return [id === named?.id ? paint.bold(first) : first, ...rest];
}

/** Names of checks and groups of any command that somebody may have meant, at most 3. */
export function nearestChecks(word: string): readonly string[] {
  return nearestOf(
    batteries.flatMap(({ checks }) => checks),
    word,
  );
}
