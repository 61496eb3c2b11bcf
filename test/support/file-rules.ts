import { type ArchitectureRule, linesOf } from './architecture-rules.js';

/**
 * Who reads what belongs to the system or to this package, or opens something to look at it alone, besides the one who
 * reads everything else.
 */
const readers: readonly string[] = [
  'src/read-file.ts',
  'src/cli/answer-shell.ts',
  'src/cli/version.ts',
  'src/completion/script-lines.ts',
  'src/help/help-page.ts',
  'src/loopback/port-holder.ts',
  'src/program/program-format.ts',
  'src/storage/lock-ticket.ts',
  'src/storage/private-directory.ts',
];

/** Opening for writing alone, what is new or what is waited for by nobody, reads nothing. */
const reading =
  /\b(?:readFile|readFileSync|createReadStream|openSync)\((?!['"`]\/(?:proc|etc)\/|.*(?:'wx'|O_WRONLY))|\bopen\(.*, 'r'/;

/** A file that others may have a hand in is opened in one place, which waits for no pipe and takes nothing but files. */
export const filesAreReadInOnePlace: ArchitectureRule = (tree) =>
  linesOf(
    new Map([...tree].filter(([path]) => !readers.includes(path))),
    (line) => reading.test(line) && !/^\s*(\*|\/\/)/.test(line),
  );
