// Compares the table of error codes in the help's page with the texts of `logto-cli explain`, as they are built:
//   node test/docs/error-table.js            ends with 1 where they differ
//   node test/docs/error-table.js --write    rewrites the table
// Another file than that page may be named after that.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { exitCodes } from '../../build/errors.js';
import { explanations } from '../../build/explanation/explanations.js';

const isToWrite = process.argv[2] === '--write';
const path =
  process.argv[isToWrite ? 3 : 2] ?? fileURLToPath(new URL('../../src/help/exit-codes.md', import.meta.url));
const begin = '<!-- error codes: written by test/docs/error-table.js -->';
const end = '<!-- /error codes -->';

const rows = Object.entries(exitCodes).map(([code, exit]) => {
  const meaning = explanations[code].meaning.replaceAll('|', '\\|');
  return `| \`${code}\` | ${exit === 130 ? '130, 143' : exit} | ${meaning} |`;
});
const table = ['| code | exit | meaning |', '|---|---|---|', ...rows].join('\n');

const text = readFileSync(path, 'utf8');
const [before, after] = [text.indexOf(begin), text.indexOf(end)];
if (before === -1 || after < before) throw new Error(`${path} has no ${begin} … ${end}`);
const whole = `${text.slice(0, before)}${begin}\n\n${table}\n\n${text.slice(after)}`;
if (isToWrite) writeFileSync(path, whole);
else if (text !== whole) {
  console.error(
    `The error codes of ${path} differ from the program's: node test/docs/error-table.js --write`,
  );
  process.exitCode = 1;
}
