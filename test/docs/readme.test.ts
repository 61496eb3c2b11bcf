import { existsSync, readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { createProgram } from '../../src/cli/program.js';
import { ProgramCommand } from '../../src/commands/program-command.js';
import { topics } from '../../src/help/topics.js';
import { programFlags } from '../explanation/program-words.js';
import { layers } from '../support/architecture-rules.js';

const at = (path: string) => new URL(`../../${path}`, import.meta.url);
const textOf = (path: string) => readFileSync(at(path), 'utf8');
const pages = ['README.md', 'src/README.md', ...topics.map(({ name }) => `src/help/${name}.md`)];

/** Who is named beside examples: no page sends its reader to a place that is not there yet. */
const hosts = ['logto.io', 'github.com/panva/node-oidc-provider'];
/** Of providers that are shown as they are. */
const providers = ['login.microsoftonline.com', 'contoso.b2clogin.com'];
const madeUp =
  /^https?:\/\/(localhost|127\.0\.0\.1|[\w-]+\.logto\.app|[\w.-]+\.(test|example)|[\w-]*\.?example\.com|app\.example)\b/;

/** The variables that a job sets, wherever it does. */
function variablesIn(node: unknown): Readonly<Record<string, string>> {
  if (typeof node !== 'object' || node === null) return {};
  const own = Object.entries(node).filter(([, value]) => typeof value === 'string');
  return Object.assign(Object.fromEntries(own), ...Object.values(node).map(variablesIn));
}

describe('the README', () => {
  const readme = textOf('README.md');

  it('is read in one sitting: at most 14 KB', () => {
    expect(Buffer.byteLength(readme)).toBeLessThanOrEqual(14 * 1024);
  });

  it('says how the project is tested, and leads to every page of the help', () => {
    expect(readme).toContain('npm ci && npm test');
    for (const { name } of topics) expect(readme).toContain(`(src/help/${name}.md)`);
  });

  it('names every command', async () => {
    const program = await createProgram(undefined, async () => {});
    for (const command of program.commands) expect(readme).toContain(`logto-cli ${command.name()}`);
  });
});

describe.each(pages)('%s', (page) => {
  const text = textOf(page);

  it('shows jobs that are YAML, with nothing secret in them', () => {
    for (const [, job = ''] of text.matchAll(/^```yaml\n(.*?)^```$/gms)) {
      const document = parse(job, { strict: true, uniqueKeys: true });
      const secrets = Object.entries(variablesIn(document)).filter(([name]) =>
        /SECRET|PASSWORD|TOKEN/.test(name),
      );
      for (const [, value] of secrets) expect(value).toMatch(/^\$\{\{ secrets\.[A-Z_]+ \}\}$/);
    }
  });

  it('leads to files that are there', () => {
    for (const [, target = ''] of text.matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^https?:/.test(target) || target.startsWith('#')) continue;
      expect(existsSync(new URL(target, at(page))), target).toBe(true);
    }
  });

  it('names no place of this project in the world, which is not decided', () => {
    for (const [url] of text.matchAll(/https?:\/\/[^\s)`'"|>]+/g)) {
      const isKnown =
        hosts.some((host) => url === `https://${host}`) ||
        providers.some((host) => url.startsWith(`https://${host}/`));
      if (!isKnown) expect(url).toMatch(madeUp);
    }
    expect(text).not.toMatch(/issues|Security page/);
  });
});

describe('the map of the code', () => {
  const map = textOf('src/README.md');

  it('has every room, in the order in which they may import', () => {
    const rows = [...map.matchAll(/^\| ((?:`[a-z]+\/`(?:, )?)+) \|/gm)].map(([, cell = '']) => cell);
    const rooms = rows.map((cell) => cell.split(', ').map((name) => name.slice(1, -2)));
    const folders = layers.map((layer) => layer.filter((name) => existsSync(at(`src/${name}`))));
    expect(rooms.map((row) => row.toSorted())).toEqual(
      folders.filter(({ length }) => length > 0).map((row) => row.toSorted()),
    );
  });

  it('names files that are there', () => {
    const names = [...map.matchAll(/`([\w./-]+(?:\.(?:ts|js|md)|\/))`/g)].map(([, name = '']) => name);
    expect(names.length).toBeGreaterThan(30);
    const inner = ['oidc', 'check', 'commands', 'emulator'].map((room) => `src/${room}/`);
    for (const name of names) {
      const places = name.startsWith('test/') ? [''] : ['src/', ...inner, ''];
      expect(
        places.some((place) => existsSync(at(place + name))),
        name,
      ).toBe(true);
    }
  });
});

describe('the commands and flags that the pages and the help show', () => {
  let flags: ReadonlyMap<string, ReadonlySet<string>>;
  beforeAll(async () => {
    flags = await programFlags();
  });

  /** The words of a command of ours that are no command, and the flags that it does not have. */
  function wrongIn(command: string): string[] {
    const [own = ''] = command.replace(/ -- .*$/, '').split(/[|<>;)"]|&&/);
    const [first = '', second = '', ...others] = own
      .replace(/'[^']*'/g, "''")
      .trim()
      .split(/\s+/);
    const known = flags.get(`${first} ${second}`) ?? flags.get(first.startsWith('-') ? '' : first);
    if (first === 'help')
      return second === '' || topics.some(({ name }) => name === second) || flags.has(second) ? [] : [second];
    if (known === undefined) return [first];
    const words = [first, second, ...others].map((word) => word.replace(/[=,.:].*$/, ''));
    return words.filter((word) => /^--?[a-z]/.test(word) && !known.has(word));
  }

  it.each(pages)('are there: %s', (page) => {
    const shown = [...textOf(page).matchAll(/logto-cli ([a-z-][^`\n]*)/g)].map(([, command = '']) => command);
    for (const command of shown) {
      // In a sentence, and not to be typed.
      if (/^(tests|needs|…)/.test(command) || command.startsWith('help …')) continue;
      expect(wrongIn(command), command).toEqual([]);
    }
  });

  it('are there: the examples of every command', async () => {
    const examplesOf = (command: unknown): readonly string[] =>
      command instanceof ProgramCommand
        ? [...(command.pageParts.examples ?? []), ...command.commands.flatMap(examplesOf)]
        : [];
    for (const name of flags.keys()) {
      const examples = examplesOf(await createProgram(name.split(' ')[0], async () => {}));
      expect(examples.length).toBeGreaterThan(0);
      for (const example of examples) {
        const commands = [...example.matchAll(/logto-cli ([^\n]*)/g)].map(([, command = '']) => command);
        for (const command of commands) expect(wrongIn(command), example).toEqual([]);
      }
    }
  });

  it('would be found out if they were not', () => {
    expect(wrongIn('sing-in')).toEqual(['sing-in']);
    expect(wrongIn('sign-in --bogus=x --port 1')).toEqual(['--bogus']);
    expect(wrongIn('help bogus')).toEqual(['bogus']);
    expect(wrongIn('exec --resource x -- npm --bogus')).toEqual([]);
    expect(wrongIn("whoami --expect 'a --b' | jq --c")).toEqual([]);
  });
});
