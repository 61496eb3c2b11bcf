import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { schemaFaults } from '../output/junit-schema.js';
import { documentOf, runProgram, startProgram } from '../support/program.js';
import { temporaryDirectory } from '../support/temporary-directory.js';
import { type Providers, startProviders } from './providers.js';

let providers: Providers;
beforeAll(async () => {
  providers = await startProviders();
});
afterAll(() => providers.close());

describe('test', () => {
  it.each(['traditional', 'plainConfidential'] as const)(
    'passes a sound provider, with a report for CI (%s)',
    async (name) => {
      const { flags, appSecret } = providers[name];
      const home = await temporaryDirectory();
      const file = join(home, 'report.xml');
      const outcome = await runProgram(
        ['test', '--json', ...flags, '--port', `${providers.port}`, '--reporter', `junit=${file}`],
        { home, environment: appSecret === undefined ? {} : { LOGTO_APP_SECRET: appSecret } },
      );
      const { checks, outcome: found } = documentOf(outcome);
      expect(checks.filter(({ outcome: of }: { outcome: string }) => /failed|incomplete/.test(of))).toEqual(
        [],
      );
      expect(found).toBe('passed');
      expect(outcome).toMatchObject({ exitCode: 0, stderr: '' });
      const xml = await readFile(file, 'utf8');
      expect(schemaFaults(xml)).toEqual([]);
      if (appSecret !== undefined) expect(xml + outcome.stdout).not.toContain(appSecret);
    },
  );

  it('fails for a redirect URI that is not registered, with an annotation', async () => {
    const { native, port } = providers;
    const outcome = await runProgram(
      ['test', ...native.flags, '--redirect-uri', `http://localhost:${port}/no`, '--reporter', 'github'],
      { home: await temporaryDirectory() },
    );
    expect(outcome.exitCode).toBe(1);
    expect(outcome.stdout).toContain('(authorization.request, redirect_uri_not_registered)');
    expect(outcome.stderr).toMatch(/^::error title=authorization\.request/);
  });

  it('is incomplete without the secret of a confidential application', async () => {
    const { traditional, port } = providers;
    const outcome = await runProgram(['test', ...traditional.flags, '--port', `${port}`], {
      home: await temporaryDirectory(),
    });
    expect(outcome).toMatchObject({ exitCode: 3, stderr: '' });
  });

  it('says on a terminal how far it is', async () => {
    const { native, port } = providers;
    const program = startProgram(['test', ...native.flags, '--port', `${port}`], {
      home: await temporaryDirectory(),
      terminal: true,
    });
    await program.says('stdout', /Checked \d+ of \d+/);
    expect((await program.ended).exitCode).toBe(0);
  });

  it.each([
    [['--reporter', 'html'], 'usage_invalid'],
    [['--app-secret', 'a-secret-value'], 'usage_invalid'],
    [[], 'config_missing'],
  ])('refuses %j', async (args, code) => {
    const outcome = await runProgram(['test', '--json', ...args], { home: await temporaryDirectory() });
    expect(documentOf(outcome).error.code).toBe(code);
    expect(outcome.exitCode).toBe(2);
    expect(outcome.stdout + outcome.stderr).not.toContain('a-secret-value');
  });
});
