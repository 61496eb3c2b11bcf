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

/** The commands of a page: those behind `$` in its examples, and the steps of its jobs. */
export function shownCommands(markdown: string): ShownCommand[] {
  const commands: { line: number; command: string; output: string[]; environment: Record<string, string> }[] =
    [];
  const lines = markdown.split('\n');
  let language: string | null = null;
  let environment: Record<string, string> = {};
  for (const [index, line] of lines.entries()) {
    const [, fence] = /^ *```(\w*)$/.exec(line) ?? [];
    if (fence !== undefined) {
      language = language === null ? fence : null;
      environment = {};
      continue;
    }
    const [, name, value] = /^ {2}([A-Z_]+): (.*)$/.exec(line) ?? [];
    if (language === 'yaml' && name !== undefined) environment[name] = value ?? '';
    const [, command] = /^(?:\$| *- run:) (.*)$/.exec(line) ?? [];
    if (language === 'yaml' && command !== undefined)
      commands.push({ line: index + 1, command, output: ['…'], environment });
    if (language !== 'console') continue;
    if (command !== undefined) commands.push({ line: index + 1, command, output: [], environment });
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
