import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { exitCodes } from '../../src/errors.js';
import { explanations } from '../../src/explanation/explanations.js';
import { built } from '../support/built.js';
import { runCommand } from '../support/run-command.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

const page = fileURLToPath(new URL('../../src/help/exit-codes.md', import.meta.url));

async function errorTable(...args: string[]): Promise<{ code: number | null; stderr: string }> {
  built('explanation/explanations.js');
  const script = fileURLToPath(new URL('./error-table.js', import.meta.url));
  const { status, stderr } = await runCommand(process.execPath, [script, ...args]);
  return { code: status, stderr };
}

describe("the help's table of error codes", () => {
  it('says what explain says, of every code', async () => {
    const text = await readFile(page, 'utf8');
    for (const [code, exit] of Object.entries(exitCodes)) {
      const { meaning } = explanations[code as keyof typeof exitCodes];
      expect(text).toContain(`| \`${code}\` | ${exit === 130 ? '130, 143' : exit} | ${meaning} |\n`);
    }
  });

  it('is as the script writes it: node test/docs/error-table.js --write', async () => {
    expect(await errorTable(page)).toEqual({ code: 0, stderr: '' });
  });

  it('is told from another one, and mended', async () => {
    const copy = join(await temporaryDirectory(), 'exit-codes.md');
    await copyFile(page, copy);
    const text = await readFile(copy, 'utf8');
    await writeFile(copy, text.replace(explanations.clock_skew.meaning, 'The clock is wrong.'));
    const { code, stderr } = await errorTable(copy);
    expect(code).toBe(1);
    expect(stderr).toContain('node test/docs/error-table.js --write');
    expect((await errorTable('--write', copy)).code).toBe(0);
    expect(await readFile(copy, 'utf8')).toBe(text);
  });

  it('is nowhere in a file without its marks', async () => {
    const file = join(await temporaryDirectory(), 'exit-codes.md');
    await writeFile(file, '# Nothing\n');
    expect((await errorTable('--write', file)).stderr).toContain('has no <!-- error codes');
    expect(await readFile(file, 'utf8')).toBe('# Nothing\n');
  });
});
