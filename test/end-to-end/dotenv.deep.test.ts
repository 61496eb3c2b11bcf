import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { runProgram } from '../support/program.js';
import { startWatchedEmulator } from '../support/session-home.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

it('a file of --dotenv names no program that is started as the browser', async () => {
  const emulator = await startWatchedEmulator();
  onTestFinished(() => emulator.close());
  const home = await temporaryDirectory();
  const [program, file, witness] = ['browser', 'settings.env', 'witness'].map((name) => join(home, name)) as [
    string,
    string,
    string,
  ];
  await writeFile(program, `#!/bin/sh\ntouch ${witness}\n`, { mode: 0o755 });
  await writeFile(
    file,
    `BROWSER=${program}\nLOGTO_ENDPOINT=${emulator.endpoint}\nLOGTO_APP_ID=emulator-native\n`,
  );
  const args = ['sign-in', '--storage', 'file', '--port', '0', '--timeout', '2'];

  const byFile = await runProgram([...args, '--dotenv', file], { home });
  expect(byFile.exitCode).toBe(124);
  expect(byFile.stderr).toMatch(/^warning: BROWSER in the file of --dotenv has no effect/m);
  expect(existsSync(witness)).toBe(false);

  const exported = await runProgram([...args, '--dotenv', file], { home, environment: { BROWSER: program } });
  expect(exported.stderr).not.toContain('has no effect');
  expect(existsSync(witness)).toBe(true);
});
