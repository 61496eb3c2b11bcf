import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { globalOptions } from '../../src/commands/options.js';
import { helpPage, pageLines } from '../../src/help/help-page.js';
import { markdownBlocks } from '../../src/help/markdown.js';
import { topicNamed, topics } from '../../src/help/topics.js';
import { withoutPaint } from '../../src/output/paint.js';
import { secretVariables } from '../../src/secret-variables.js';
import { Recorder } from '../support/test-runtime.js';

const folder = new URL('../../src/help/', import.meta.url);
const sourceOf = (name: string) => readFileSync(new URL(`${name}.md`, folder), 'utf8');
const onTerminal = (columns: number) => new Recorder(true, { columns, hasColors: true });
const piped = new Recorder();

describe('the topics', () => {
  it('are the pages that there are', () => {
    const pages = readdirSync(folder).filter((name) => name.endsWith('.md'));
    expect(pages.sort()).toEqual(topics.map(({ name }) => `${name}.md`).sort());
  });

  it('are found by their names, however they are typed, and nothing else is', () => {
    expect(topicNamed('Exit-Codes')?.name).toBe('exit-codes');
    for (const word of ['', 'exit', 'constructor', '../README', 'flags.md'])
      expect(topicNamed(word)).toBeUndefined();
  });
});

it('a command of an example goes on as a shell takes it, and its addresses stay whole', () => {
  const topic = topicNamed('flags') ?? expect.unreachable();
  const lines = helpPage(topic, onTerminal(80)).map(withoutPaint);
  const from = lines.findIndex((line) => line.includes('login.microsoftonline.com'));
  expect(lines.slice(from, from + 3)).toEqual([
    "    --issuer 'https://login.microsoftonline.com/{tenantid}/v2.0' \\",
    '    --discovery-url \\',
    '    https://login.microsoftonline.com/common/v2.0/.well-known/openid-configuration',
  ]);
});

describe.each(topics.map(({ name }) => name))('the page %s', (name) => {
  const topic = topicNamed(name) ?? expect.unreachable();

  it('begins with its one title', () => {
    const titles = markdownBlocks(sourceOf(name)).filter(
      (block) => block.kind === 'heading' && block.level === 1,
    );
    expect(titles).toHaveLength(1);
    expect(sourceOf(name)).toMatch(/^# /);
  });

  it.each([40, 80, 120])(
    'has no line that is wider than a terminal of %i columns, but a command',
    (columns) => {
      for (const line of helpPage(topic, onTerminal(columns)).map(withoutPaint)) {
        // A command, an address or flags with their values stay whole, to be copied: on a line of their own.
        const isCopied =
          /^ *\(?(?:`?(?:logto-cli|npm|apt) .*|--\S+ \S+(?: --\S+ \S+)*|(?:\$ export )?(?:\S+|'[^']*')(?: \\)?)$/.test(
            line,
          );
        // Whoever copies one that is broken has two words.
        const isAddress = /^ *(?:--issuer )?https:\/\/(?:[^\s<]|<[^<>]*>)+(?: \\)?$/.test(line);
        if (!isAddress && (!isCopied || columns > 40)) expect(line.length, line).toBeLessThanOrEqual(columns);
      }
    },
  );

  it('shows nothing of how it is written', () => {
    const lines = helpPage(topic, piped);
    for (const block of markdownBlocks(sourceOf(name))) {
      if (block.kind !== 'paragraph') continue;
      expect(block.text).not.toMatch(/^(#|\||>|\* |- |\d+\.|```|~~~|<)/);
    }
    const prose = lines.filter((line) => !line.startsWith('  '));
    expect(prose.filter((line) => /\*\*|\]\(|```|<!--|^\||^#/.test(line))).toEqual([]);
  });

  it('has all of its words on a narrow terminal, too', () => {
    const words = (columns: number) =>
      helpPage(topic, onTerminal(columns))
        .map(withoutPaint)
        .join(' ')
        .split(/[\s\\]+/)
        .filter(Boolean)
        .sort();
    const narrow = new Set(words(40));
    const without = words(120).filter((word) => !narrow.has(word));
    // The header of a table has no place where its columns have none.
    const headers = markdownBlocks(sourceOf(name)).flatMap((block) =>
      block.kind === 'table' ? block.header : [],
    );
    // Where code is indented, less of a line is left.
    const broken = (word: string) => /[,"]/.test(word) || word.length > 30;
    expect(without.filter((word) => !headers.join(' ').includes(word) && !broken(word))).toEqual([]);
  });

  it('is painted on a terminal, and plain elsewhere', () => {
    const [title = ''] = helpPage(topic, onTerminal(80));
    expect(withoutPaint(title)).not.toBe(title);
    expect(helpPage(topic, piped).map(withoutPaint)).toEqual(helpPage(topic, piped));
  });
});

describe('a command of a page', () => {
  const first = 'logto-cli test-app http://localhost:8080/ --env AUTH_ISSUER={issuer} -- npm start';
  const second = 'openssl req -x509 -subj /CN=localhost \\\n  -keyout key.pem -out cert.pem';
  const page = `\`\`\`sh\n${first}\n${second}\n\`\`\``;
  /** What a shell makes of the lines. */
  const pasted = (lines: readonly string[]) =>
    lines
      .join('\n')
      .replace(/\s*\\\n\s*/g, ' ')
      .split('\n')
      .map((line) => line.trim());

  it.each([40, 60, 80])('is the same command when it is copied at %i columns', (columns) => {
    const lines = pageLines(page, onTerminal(columns)).map(withoutPaint);
    expect(pasted(lines)).toEqual([first, second.replace(/ \\\n */, ' ')]);
  });

  it('has the lines that it is written in where they fit', () => {
    const written = second.split('\n').map((line) => `  ${line}`);
    expect(pageLines(page, onTerminal(80)).map(withoutPaint).slice(-2)).toEqual(written);
  });
});

describe('what a page says', () => {
  it('of the flags is every flag that most commands have, with its variable, and no other', () => {
    const table = markdownBlocks(sourceOf('flags')).find((block) => block.kind === 'table');
    const rows = table?.kind === 'table' ? table.rows : [];
    const named = rows.flatMap(([flags = '']) => flags.match(/--?[a-z-]+/g) ?? []);
    const options = globalOptions().filter(({ hidden }) => !hidden);
    expect(named.sort()).toEqual(
      options.flatMap(({ long, short }) => [long, short].filter((flag) => flag != null)).sort(),
    );
    for (const { long, description } of options) {
      const row = rows.find(([flags = '']) => flags.includes(`${long}`)) ?? [];
      for (const variable of description.match(/\b(?:LOGTO|NODE)_[A-Z_]+/g) ?? [])
        expect(row[1]).toBe(`\`${variable}\``);
    }
  });

  it('of the environment names every variable that holds a secret', () => {
    for (const name of secretVariables) expect(sourceOf('environment')).toContain(`\`${name}\``);
  });

  it('leads to pages that there are', () => {
    for (const { name } of topics) {
      for (const [, target = ''] of sourceOf(name).matchAll(/\]\(([^)]*)\)/g)) {
        if (!target.startsWith('https://'))
          expect(topicNamed(target.replace(/\.md$/, '')), target).toBeDefined();
      }
    }
  });
});

describe('a page in Markdown', () => {
  it('becomes lines: headings, paragraphs, lists, tables and examples', () => {
    const page = [
      '# Title of `it`',
      '',
      'Some words and',
      '`some code`, [json](json.md), a [link](json.md), [another](https://example.com) and **weight**.',
      '',
      '- one item that is longer than',
      '  a line',
      '- **two**: short',
      '',
      '1. first',
      '2. second',
      '',
      '<!-- not shown -->',
      '| a | b \\| c |',
      '|---|---|',
      '| `x` | y \\| z |',
      '',
      '```console',
      '$ logto-cli sign-in --endpoint https://example.com --app-id abc',
      'answer with  two  blanks',
      '```',
    ].join('\n');
    expect(pageLines(page, new Recorder(false, { columns: 44 }))).toEqual([
      'Title of it',
      '',
      'Some words and `some code`,',
      'logto-cli help json, a link',
      '(logto-cli help json), another',
      '(https://example.com) and weight.',
      '',
      '- one item that is longer than a line',
      '- two: short',
      '1. first',
      '2. second',
      '',
      'a  b | c',
      'x  y | z',
      '',
      '  $ logto-cli sign-in \\',
      '      --endpoint https://example.com \\',
      '      --app-id abc',
      '  answer with  two  blanks',
    ]);
  });

  it('puts the sentences of a table below what they are about, where columns have no room', () => {
    const page = `| flag | variable | meaning |\n|---|---|---|\n| \`--a <b>\` | \`A_B\` | ${'word '.repeat(12)}|\n| \`--c\` | | short |\n`;
    expect(pageLines(page, new Recorder(false, { columns: 40 }))).toEqual([
      '--a <b>  A_B',
      '    word word word word word word word',
      '    word word word word word',
      '--c',
      '    short',
    ]);
  });

  it('breaks an example that is no command at a blank or behind a comma', () => {
    const page = '```json\n  {"first":"a value","second":"another value","third":3}\n```\n';
    expect(pageLines(page, new Recorder(false, { columns: 30 }))).toEqual([
      '    {"first":"a value",',
      '      "second":"another',
      '      value","third":3}',
    ]);
  });

  it('fits a terminal that does not know its width', () => {
    const lines = pageLines(`${'word '.repeat(60)}\n`, new Recorder(false, { columns: 0 }));
    expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(80);
  });
});
