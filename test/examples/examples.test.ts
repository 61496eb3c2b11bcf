import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { built } from '../support/built.js';
import { runCommand } from '../support/run-command.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

const textOf = (path: string) => readFile(new URL(path, import.meta.url), 'utf8');
const examples = [
  'journey.ts',
  'storage.ts',
  'application.ts',
  'vitest.example.test.ts',
  'playwright-example.ts',
  'test-application-example.ts',
  'fetch-visit-example.ts',
];

it.each(['../../README.md', '../../src/help/library.md'])(
  '%s shows programs as they run here',
  async (page) => {
    const shown = [...(await textOf(page)).matchAll(/^```[tj]s\n(.*?)^```$/gms)].map(([, text]) => text);
    const here = await Promise.all(examples.map(textOf));
    expect(shown.length).toBeGreaterThan(0);
    for (const text of shown) expect(here).toContain(text);
  },
);

it('the page of the library shows all of them', async () => {
  const page = await textOf('../../src/help/library.md');
  for (const name of examples) expect(page).toContain(await textOf(name));
});

it('the journey runs where the package is installed', async () => {
  built('index.js');
  const home = await temporaryDirectory();
  await mkdir(join(home, 'node_modules'));
  await symlink(
    fileURLToPath(new URL('../..', import.meta.url)),
    join(home, 'node_modules/logto-cli'),
    'junction',
  );
  await writeFile(join(home, 'journey.mjs'), await textOf('journey.ts'));
  const { status, stdout, stderr } = await runCommand(process.execPath, [join(home, 'journey.mjs')], {
    cwd: home,
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(stdout).toMatch(/^alice\n[\w-]+\.[\w-]+\.[\w-]+\n$/);
});

it('the storages are made without touching anything', async () => {
  await import('./storage.js');
});
