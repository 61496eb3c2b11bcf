import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { defaultSeed, startEmulator } from '../../src/testing.js';
import { schemaFaults } from '../output/junit-schema.js';
import { documentOf, runProgram } from '../support/program.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

it('signs users in as a file says, with passwords from the environment and a file, and a report for CI', async () => {
  const [alice, bob] = defaultSeed().users;
  const emulator = await startEmulator();
  onTestFinished(() => emulator.close());
  const home = await temporaryDirectory();
  const scenarios = [
    {
      name: 'alice may write',
      user: { username: 'alice', passwordVariable: 'LOGTO_CLI_ALICE' },
      scopes: ['write:things'],
      resources: ['https://api.example.test'],
      expect: ['access_token.scope[]=write:things'],
    },
    {
      name: 'bob may not',
      user: { username: 'bob', passwordVariable: 'LOGTO_CLI_BOB' },
      scopes: ['write:things'],
      resources: ['https://api.example.test'],
      expect: ['sub=emulator-user-bob', '!roles', 'access_token.scope=write:things'],
    },
    {
      name: 'mallory is refused',
      user: { username: 'mallory', passwordVariable: 'LOGTO_CLI_BOB' },
      expectError: 'credentials_rejected',
    },
  ];
  const [file, dotenv, xml] = ['scenarios.json', '.env', 'report.xml'].map((name) => join(home, name)) as [
    string,
    string,
    string,
  ];
  await writeFile(file, JSON.stringify({ $schema: './scenario.schema.json', scenarios }));
  await writeFile(dotenv, `LOGTO_CLI_BOB=${bob?.password}\n`);
  const flags = ['--endpoint', emulator.endpoint, '--app-id', 'emulator-native', '--dotenv', dotenv];
  const outcome = await runProgram(['test', file, '--json', ...flags, '--reporter', `junit=${xml}`], {
    home,
    environment: { LOGTO_CLI_ALICE: alice?.password ?? '' },
  });
  const { checks, outcome: found } = documentOf(outcome);
  expect(checks.map((check: { id: string; outcome: string }) => [check.id, check.outcome])).toEqual([
    ['scenario.alice-may-write', 'passed'],
    ['scenario.bob-may-not', 'failed'],
    ['scenario.mallory-is-refused', 'passed'],
  ]);
  expect({ found, stderr: outcome.stderr, exitCode: outcome.exitCode }).toEqual({
    found: 'failed',
    stderr: '',
    exitCode: 1,
  });
  const report = await readFile(xml, 'utf8');
  expect(schemaFaults(report)).toEqual([]);
  for (const password of [alice?.password, bob?.password]) {
    expect(outcome.stdout + report).not.toContain(password);
  }
});

it('says nothing of its own about many sign-ins at once', async () => {
  const emulator = await startEmulator();
  onTestFinished(() => emulator.close());
  const home = await temporaryDirectory();
  const file = join(home, 'scenarios.json');
  const user = { username: 'alice', passwordVariable: 'LOGTO_CLI_ALICE' };
  const scenarios = Array.from({ length: 14 }, (_, index) => ({ name: `sign-in ${index}`, user }));
  await writeFile(file, JSON.stringify({ scenarios }));
  const flags = ['--endpoint', emulator.endpoint, '--app-id', 'emulator-native', '--jobs', '14', '--json'];
  const { stderr, exitCode } = await runProgram(['test', file, ...flags], {
    home,
    environment: { LOGTO_CLI_ALICE: 'emulator-only-alice' },
  });
  expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 });
});
