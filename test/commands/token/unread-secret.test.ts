import { expect, it, onTestFinished } from 'vitest';
import { startLyingProvider } from '../../support/lying-provider.js';
import { onlyFor } from '../../support/registered-client.js';
import { runInProcess } from '../../support/run-in-process.js';
import { temporaryDirectory } from '../../support/temporary-directory.js';
import { testRuntime } from '../../support/test-runtime.js';

it('a token for the application itself comes with a word about a secret that the provider reads in the body only', async () => {
  const secret = 'a/b+c=: %é';
  const lying = await startLyingProvider({
    answers: { token: onlyFor({ clientId: 'app', secret, reads: ['post'] }) },
  });
  onTestFinished(() => lying.close());
  const runtime = testRuntime({
    home: await temporaryDirectory(),
    environment: { LOGTO_CLI_ISSUER: lying.issuer, LOGTO_APP_ID: 'app', LOGTO_APP_SECRET: secret },
  });
  expect(await runInProcess(runtime, ['token', '--client-credentials'])).toBe(0);
  expect(runtime.stdout.lines).toHaveLength(1);
  expect(runtime.stderr.text).toContain('takes it in the body (client_secret_post)');
  expect(runtime.stderr.text).toContain('--auth-method client_secret_post');
});
