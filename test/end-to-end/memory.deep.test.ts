import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import { startEmulator } from '../../src/testing.js';
import { runCommand } from '../support/run-command.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

const program = fileURLToPath(new URL('../../bin/logto-cli.js', import.meta.url));

it.skipIf(process.platform !== 'linux')(
  'a sign-in without a browser takes less than 32 MB more at its peak than Node that does nothing',
  async () => {
    const { endpoint, description, close } = await startEmulator();
    onTestFinished(close);
    const [application, user] = [description.applications[0], description.users[0]];
    if (!application || !user) throw new Error('the default seed is empty');
    const home = await temporaryDirectory();
    const spy = join(home, 'spy.cjs');
    await writeFile(
      spy,
      "process.on('exit', () => process.getBuiltinModule('fs').writeFileSync(process.env.PEAK, String(process.resourceUsage().maxRSS)));",
    );
    const peakOf = async (args: readonly string[]) => {
      const environment = {
        ...process.env,
        LOGTO_CLI_HOME: home,
        LOGTO_CLI_STORAGE: 'memory',
        LOGTO_CLI_PASSWORD: user.password,
        PEAK: join(home, 'peak'),
      };
      const { status, stderr } = await runCommand(process.execPath, ['--require', spy, ...args], {
        env: environment,
      });
      expect(status, stderr).toBe(0);
      return Number(await readFile(environment.PEAK, 'utf8')) / 1024;
    };
    const signIn = ['sign-in', '--headless', '--username', user.username, '--quiet'];
    const connection = ['--endpoint', endpoint, '--app-id', application.appId];

    const least = await peakOf(['-e', '0']);
    // The second one has the compiled code of the first.
    const [, peak = 0] = [
      await peakOf([program, ...signIn, ...connection]),
      await peakOf([program, ...signIn, ...connection]),
    ];

    expect(peak - least).toBeLessThan(32);
  },
);
