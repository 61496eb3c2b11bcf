import { describe, expect, it } from 'vitest';
import { applicationChecks } from '../../../src/check/application/application-checks.js';
import { doctorChecks } from '../../../src/check/doctor/doctor-checks.js';
import { clock } from '../../../src/check/doctor/machine/clock.js';
import { groupOf } from '../../../src/check/run/claused-check.js';
import { checksWithoutUser } from '../../../src/check/without-user/checks-without-user.js';
import { checkPageLines, checksNamed } from '../../../src/commands/explain/check-page.js';
import { exitCodes } from '../../../src/errors.js';
import { type CheckGroup, checkGroups } from '../../../src/explanation/check-groups.js';
import { withoutPaint } from '../../../src/output/paint.js';
import { failureOf } from '../../support/failure-of.js';
import { runInProcess } from '../../support/run-in-process.js';
import { temporaryDirectory } from '../../support/temporary-directory.js';
import { Recorder, testRuntime } from '../../support/test-runtime.js';

async function explained(...argv: string[]): Promise<string> {
  const runtime = testRuntime({ home: await temporaryDirectory() });
  expect(await runInProcess(runtime, ['explain', ...argv])).toBe(0);
  return runtime.stdout.text;
}

const flat = (text: string) => text.replace(/\s+/g, ' ');
const groups = [...new Set(applicationChecks.map(groupOf))];
const pages = Object.entries(checkGroups) as [string, CheckGroup][];

describe('explain of a group of checks', () => {
  it.each(groups)(
    'has a page for %s: what is asked, why, how it is mended, and each clause',
    async (group) => {
      const text = flat(await explained(`test-app.${group}`));
      const page = new Map(pages).get(group);
      expect(page).toBeDefined();
      const { asks = '', why = '', rule = '', mendings = [] } = page ?? {};
      for (const part of [asks, why, rule, ...mendings.flatMap(({ library, how }) => [library, how])]) {
        expect(text).toContain(part);
      }
      for (const { id, title, clause } of applicationChecks.filter((check) => groupOf(check) === group)) {
        expect(text).toContain(`${id} ${title} [${clause}]`);
      }
      expect(text).toContain(`logto-cli test-app <url> --only ${group} -- <command>`);
    },
  );

  it('speaks of every command that has a group of that name, and of one where it is named', async () => {
    const all = await explained('session');
    for (const command of ['test-app', 'test --as', 'doctor'])
      expect(all).toContain(`session (a group of checks of logto-cli ${command})\n`);
    expect(JSON.parse(await explained('session', '--json')).explained).toHaveLength(3);
    expect(await explained('doctor.session')).not.toContain('test');
    expect(await explained('test-app.session')).not.toContain('--as');
    expect(await explained('pkce')).toContain('logto-cli test --only pkce');
  });

  it('has its checks in columns, and none where there is no room for them', () => {
    const [pkce] = checksNamed('pkce');
    if (pkce === undefined) throw new Error('there is no group pkce');
    const at = (columns: number) => {
      const lines = checkPageLines(pkce, new Recorder(false, { columns })).map(withoutPaint);
      return lines.filter((line) => line.startsWith('  pkce.'));
    };
    const [first = '', ...others] = at(100);
    const column = first.indexOf('PKCE is required');
    expect(others.length).toBeGreaterThan(2);
    for (const line of others) expect(line.slice(0, column)).toMatch(/^ {2}pkce\.[\w-]+ {2,}$/);
    expect(at(40)[0]).toMatch(/^ {2}pkce\.required {2}PKCE/);
    for (const line of at(40)) expect(line.length).toBeLessThanOrEqual(40);
  });

  it('takes no name of an error code', () => {
    for (const code of Object.keys(exitCodes)) expect(checksNamed(code)).toEqual([]);
  });
});

describe('explain of a check', () => {
  it('leads to its group', async () => {
    const text = flat(await explained('callback.other-browser'));
    expect(text).toMatch(/^callback\.other-browser: The callback of another browser \(a check of logto-cli/);
    expect(text).toContain('It stands on RFC 9700, 4.7.');
    expect(text).toContain(checkGroups.callback.why);
    expect(text).toContain('--only callback.other-browser');
  });

  it('is one document with --json', async () => {
    const document = JSON.parse(await explained('id-token.alg-none', '--json'));
    expect(document).toMatchObject({
      command: 'test-app',
      group: 'id-token',
      check: { id: 'id-token.alg-none', clause: 'OpenID Connect Core 1.0, 3.1.3.7 (7)' },
      asks: checkGroups['id-token'].asks,
      mendings: checkGroups['id-token'].mendings,
    });
    expect(document.checks).toHaveLength(
      applicationChecks.filter((check) => groupOf(check) === 'id-token').length,
    );
  });

  it('knows those of a provider, too', async () => {
    for (const { id, title } of checksWithoutUser.slice(0, 5)) {
      expect(flat(await explained(`test.${id}`))).toContain(`${id}: ${title} (a check of logto-cli test)`);
    }
  });

  it.each(doctorChecks)(
    'knows $id of doctor, by what doctor calls it and how it is run',
    async ({ id, title }) => {
      const text = flat(await explained(`doctor.${id}`));
      expect(text).toContain(`${id}: ${title} (a check of logto-cli doctor)`);
      expect(text).toMatch(/stands in the report: logto-cli doctor $/);
      expect(text).not.toContain('undefined');
    },
  );

  it('tells the checks of doctor in one document, which name no clause', async () => {
    expect(JSON.parse(await explained('machine.clock', '--json'))).toMatchObject({
      command: 'doctor',
      group: 'machine',
      check: { id: 'machine.clock', title: clock.title },
      run: 'logto-cli doctor',
    });
  });

  it.each([
    ['machine.clok', 'Did you mean machine.clock?'],
    ['id-tokn', 'Did you mean id-token?'],
    ['callback.no-stat', 'Did you mean callback.no-state?'],
    ['callbak', 'Did you mean callback?'],
    ['clock_skw', 'Did you mean clock_skew?'],
  ])('of the unknown %s says what is near', async (word, said) => {
    const { code, hint } = await failureOf(explained(word));
    expect(code).toBe('usage_invalid');
    expect(hint).toContain(said);
  });

  it.each(['nope', 'other', 'that'])('of %s guesses nothing', async (word) => {
    expect((await failureOf(explained(word))).hint).toBe('See all of them with: logto-cli explain');
  });
});

describe('the pages of groups', () => {
  it.each(pages)('%s is short, in whole sentences, with backticks in pairs', (_, page) => {
    const { asks, why, rule, mendings } = page;
    for (const text of [asks, why, rule, ...mendings.map(({ how }) => how)]) {
      expect(text).toMatch(/^[`A-Z].*\.$/s);
      expect(text.length, text).toBeLessThan(330);
      expect(text.split('`').length % 2).toBe(1);
    }
    expect(mendings.length).toBeGreaterThan(1);
  });

  it.each([40, 80, 120])(
    'have no line that is wider than %i columns, but for what is to be copied',
    (columns) => {
      for (const hasColors of [false, true]) {
        const screen = new Recorder(true, { columns, hasColors });
        for (const group of groups) {
          const [explanation] = checksNamed(`test-app.${group}`);
          if (explanation === undefined) return expect.unreachable();
          const lines = checkPageLines(explanation, screen).map(withoutPaint);
          const copied = JSON.stringify(explanation).match(/`[^`]+`/g) ?? [];
          const isCopied = (line: string) =>
            /^ *\S+$/.test(line) ||
            line.includes(explanation.run) ||
            copied.some((span) => line.includes(span.slice(1, -1)));
          for (const line of lines.filter((one) => !isCopied(one)))
            expect(line.length, line).toBeLessThanOrEqual(columns);
        }
      }
    },
  );
});
