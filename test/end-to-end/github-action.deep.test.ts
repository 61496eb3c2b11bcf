import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Emulator, startEmulator } from '../../src/testing.js';
import { schemaFaults } from '../output/junit-schema.js';
import { ActionRunner } from './github-action-run.js';

let emulator: Emulator;
beforeAll(async () => {
  emulator = await startEmulator();
});
afterAll(() => emulator.close());

describe('a job with the action for GitHub', () => {
  it('tests a provider, and leaves a JUnit report, a summary and its outputs', async () => {
    const runner = await ActionRunner.start(true);
    const inputs = {
      endpoint: emulator.endpoint,
      'app-id': 'emulator-native',
      arguments: '--only\ndiscovery\n',
    };
    const { exitCode, log, summary, outputs, given } = await runner.run(inputs);
    expect({ exitCode, log }).toEqual({ exitCode: 0, log: expect.stringMatching(/1 warning, \d+ passed/) });
    expect(log).toMatch(/^::warning title=discovery\.id-token-algorithms/m);
    expect(summary).toMatch(/^### Sign-in checks: passed\n/);
    expect(outputs).toEqual({ 'exit-code': '0', junit: 'logto-cli.xml' });
    expect(schemaFaults(await readFile(join(runner.workspace, 'logto-cli.xml'), 'utf8'))).toEqual([]);
    expect(given?.slice(0, 3)).toEqual(['-y', 'logto-cli', 'test']);
  });

  it('signs in as a file says, by a secret that is a variable, and fails with what a baseline does not know', async () => {
    const runner = await ActionRunner.start(true);
    const user = { username: 'alice', passwordVariable: 'LOGTO_CLI_ALICE' };
    const scenarios = [
      { name: 'alice', user },
      { name: 'admin', user, expect: ['roles[]=admin'] },
    ];
    await writeFile(join(runner.workspace, 'sign-ins.json'), JSON.stringify({ scenarios }));
    await writeFile(join(runner.workspace, 'known.json'), JSON.stringify({ version: 1, known: [] }));
    const inputs = {
      endpoint: emulator.endpoint,
      'app-id': 'emulator-native',
      scenarios: 'sign-ins.json',
      baseline: 'known.json',
      junit: 'a b.xml',
    };
    const { exitCode, log, summary, outputs } = await runner.run(inputs, {
      LOGTO_CLI_ALICE: 'emulator-only-alice',
    });
    expect(exitCode).toBe(1);
    expect(log).toContain('::error file=sign-ins.json,line=1,title=scenario.admin');
    expect(summary).toContain('### Sign-in checks: failed');
    expect(outputs).toEqual({ 'exit-code': '1', junit: 'a b.xml' });
    expect(log + summary + (await readFile(join(runner.workspace, 'a b.xml'), 'utf8'))).not.toContain(
      'emulator-only-alice',
    );
  });

  it('leaves a summary where the program ends before anything is checked', async () => {
    const runner = await ActionRunner.start(true);
    const { exitCode, summary, outputs } = await runner.run({});
    expect(exitCode).toBe(2);
    expect(summary).toMatch(/^### Sign-in checks: could not be run\n.*<code>run\.ended<\/code>/s);
    expect(outputs).toMatchObject({ 'exit-code': '2' });
    const unknown = await runner.run({ arguments: '--bogus' });
    expect(unknown).toMatchObject({ exitCode: 2, summary: expect.stringContaining('exit code 2') });
  });
});
