import { isMap, isScalar, isSeq, LineCounter, parseDocument, visit } from 'yaml';

/** A command that a page shows, and what it says that the command prints. */
export interface ShownCommand {
  /** The page's line of it. */
  readonly line: number;
  readonly command: string;
  /** A line that is `…` stands for one line or more; in a line it stands for any text. */
  readonly output: readonly string[];
  /** Variables that the page sets for it, in a job of CI. */
  readonly environment: Readonly<Record<string, string>>;
}

/** The commands of a job of CI, with their lines, and the variables that it sets for them. */
function jobCommands(yaml: string): {
  readonly commands: readonly { readonly line: number; readonly command: string }[];
  readonly environment: Readonly<Record<string, string>>;
} {
  const lines = new LineCounter();
  const document = parseDocument(yaml, { lineCounter: lines });
  if (document.errors.length > 0) throw document.errors[0];
  const commands: { line: number; command: string }[] = [];
  const environment: Record<string, string> = {};
  const add = (value: unknown) => {
    if (!isScalar<string>(value) || !value.range) return;
    commands.push({ line: lines.linePos(value.range[0]).line, command: value.value });
  };
  visit(document, {
    Pair(_, { key, value }) {
      const name = isScalar(key) ? key.value : null;
      if (name === 'run') add(value);
      if (name === 'script' && isSeq(value)) for (const item of value.items) add(item);
      if ((name === 'env' || name === 'variables') && isMap(value))
        Object.assign(environment, value.toJSON());
    },
  });
  return { commands, environment };
}

/** The commands of a page: those behind `$` in its examples, and the steps of its jobs. */
export function shownCommands(markdown: string): ShownCommand[] {
  const commands: {
    line: number;
    command: string;
    output: string[];
    environment: Readonly<Record<string, string>>;
  }[] = [];
  const lines = markdown.split('\n');
  let language: string | null = null;
  let begin = 0;
  for (const [index, line] of lines.entries()) {
    const [, fence] = /^ *```(\w*)$/.exec(line) ?? [];
    if (fence !== undefined) {
      if (language === 'yaml') {
        const job = jobCommands(lines.slice(begin, index).join('\n'));
        for (const { line: own, command } of job.commands)
          commands.push({ line: begin + own, command, output: ['…'], environment: job.environment });
      }
      language = language === null ? fence : null;
      begin = index + 1;
      continue;
    }
    const [, command] = /^\$ (.*)$/.exec(line) ?? [];
    if (language !== 'console') continue;
    if (command !== undefined) commands.push({ line: index + 1, command, output: [], environment: {} });
    else if (commands.at(-1)?.command.endsWith('\\')) {
      const last = commands.at(-1);
      if (last) last.command = `${last.command.slice(0, -1)}${line.trim()}`;
    } else commands.at(-1)?.output.push(line);
  }
  return commands;
}

/**
 * The first line of what a page shows that the output does not have there; `null` where all is as it is shown. Numbers,
 * times and how wide columns are may differ.
 */
export function firstDifference(shown: readonly string[], printed: string): string | null {
  const output = `${printed.trimEnd().split('\n').map(shapeOf).join('\n')}\n`;
  const patterns = shown.map((line) =>
    line.trim() === '…'
      ? '(?:.*\\n)+?'
      : `${shapeOf(line)
          .split('…')
          .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
          .join('.*')}\\n`,
  );
  const matches = (count: number, end: string) =>
    new RegExp(`^${patterns.slice(0, count).join('')}${end}`).test(output);
  if (matches(shown.length, '$')) return null;
  const first = patterns.findIndex((_, index) => !matches(index + 1, ''));
  return first === -1 ? 'the end: there is more' : (shown[first] ?? '');
}

function shapeOf(line: string): string {
  return line
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '<time>')
    .replace(/\d+(?:\.\d+)*/g, '<n>')
    .replace(/<n> m?s\b/g, '<duration>')
    .replace(/(?<=\S) {2,}/g, '  ')
    .trimEnd();
}
