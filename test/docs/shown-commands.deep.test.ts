import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { topics } from '../../src/help/topics.js';
import { defaultSeed, startEmulator } from '../../src/testing.js';
import { PageRun, type Printed } from './page-run.js';
import { firstDifference, type ShownCommand, shownCommands } from './shown-commands.js';

const textOf = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const readme = 'README.md';
const pages = [readme, ...topics.map(({ name }) => `src/help/${name}.md`)];

/** Installing and testing the project is not done in its tests. */
const notHere = /^npm /;

const commandsOf = (page: string) =>
  shownCommands(textOf(page)).filter(({ command }) => !notHere.test(command));

/** A folder where alice is signed in, as most pages take for granted, at an emulator that the page does not start. */
async function signedIn(page: string): Promise<PageRun> {
  const run = await PageRun.start(page === readme);
  onTestFinished(() => run.end());
  for (const [, name = '', text = ''] of textOf(page).matchAll(/`([\w-]+\.json)`:\n\n```json\n(.*?)```/gs))
    await writeFile(join(run.folder, name), run.here(text));
  if (page === readme) return run;
  const seed = defaultSeed();
  const applications = seed.applications.map((application) => ({
    ...application,
    redirectUris: application.redirectUris?.map((uri) => run.here(uri)) ?? [],
    postLogoutRedirectUris: application.postLogoutRedirectUris?.map((uri) => run.here(uri)) ?? [],
  }));
  const { close } = await startEmulator({ port: run.ports.emulator, seed: { ...seed, applications } });
  onTestFinished(close);
  const signIn =
    'logto-cli sign-in --endpoint http://localhost:4000 --app-id emulator-native --headless --username alice';
  const { exitCode, text } = await run.run({ command: signIn, environment: { LOGTO_CLI_PASSWORD: '…' } });
  expect(exitCode, text).toBe(0);
  return run;
}

it.each(pages.filter((page) => commandsOf(page).length > 0))(
  'the commands of %s print what it shows, one after the other',
  { timeout: 180_000 },
  async (page) => {
    const run = await signedIn(page);
    for (const shown of commandsOf(page)) {
      const printed = await run.run(shown);
      const told = `${page}:${shown.line} ${shown.command}\n${printed.text}`;
      expect(difference(run, shown, printed), told).toBeNull();
      const fails = shown.output.some((line) => /^ *✗|^error:/.test(line));
      if (printed.exitCode !== null) expect(printed.exitCode !== 0, told).toBe(fails);
    }
  },
);

function difference(run: PageRun, { output }: ShownCommand, { text }: Printed): string | null {
  // A page may show a command alone, or leave out all that it prints.
  if (output.every((line) => line === '' || line === '…')) return null;
  return firstDifference(run.here(output.join('\n')).trimEnd().split('\n'), text);
}

describe('what a page shows', () => {
  const printed = 'Signed in as alice\n\nsubject  u1\nvalid until 2026-11-22T10:23:07Z (in 59 min)\n';

  it('is found in its output, whatever the numbers and times are', () => {
    const shown = ['Signed in as alice', '', 'subject    u2', 'valid until 2027-01-01T00:00:00Z (in 1 min)'];
    expect(firstDifference(shown, printed)).toBeNull();
    expect(firstDifference(['Signed in …', '…'], printed)).toBeNull();
    expect(firstDifference(['…', 'valid until …'], printed)).toBeNull();
  });

  it.each([
    [['Signed in as bob', '…'], 'Signed in as bob'],
    [['Signed in as alice', 'subject  u1', '…'], 'subject  u1'],
    [['Signed in as alice', '', 'subject  u1'], 'the end: there is more'],
    [['Signed in as alice', '…', '  indented', '…'], '  indented'],
    [['Signed in as alice', '', 'subject  u1', 'valid until …', '…'], '…'],
  ])('that is not there is told: %j', (shown, first) => {
    expect(firstDifference(shown, printed)).toBe(first);
  });

  it('is read from examples and jobs, with what goes on and what is set', () => {
    const page = [
      '```console',
      '$ a \\',
      '    --b',
      'out',
      '$ c',
      '```',
      '```yaml',
      'env:',
      '  X: y',
      'steps:',
      '  - run: d',
      '  - uses: e',
      '    with:',
      '      ran: no',
      '```',
      '```yaml',
      'job:',
      '  variables:',
      '    Z: w',
      '  script:',
      '    - f',
      '    - g --h',
      '```',
      '```json',
      '$ no',
      '```',
    ].join('\n');
    expect(shownCommands(page)).toEqual([
      { line: 2, command: 'a --b', output: ['out'], environment: {} },
      { line: 5, command: 'c', output: [], environment: {} },
      { line: 11, command: 'd', output: ['…'], environment: { X: 'y' } },
      { line: 21, command: 'f', output: ['…'], environment: { Z: 'w' } },
      { line: 22, command: 'g --h', output: ['…'], environment: { Z: 'w' } },
    ]);
  });
});
