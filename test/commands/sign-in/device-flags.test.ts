import { expect, it } from 'vitest';
import { failureOf } from '../../support/failure-of.js';
import { runInProcess } from '../../support/run-in-process.js';
import { temporaryDirectory } from '../../support/temporary-directory.js';
import { testRuntime } from '../../support/test-runtime.js';

it.each([
  ['--port', '3000'],
  ['--redirect-uri', 'http://localhost:3000/callback'],
  ['--listen', '127.0.0.1'],
  ['--tls-cert', 'a.pem'],
  ['--tls-key', 'a.pem'],
  ['--sign-up'],
  ['--first-screen', 'register'],
  ['--identifier', 'email'],
  ['--login-hint', 'alice'],
  ['--direct-sign-in', 'social:google'],
  ['--one-time-token-stdin'],
  ['--ui-locales', 'fr'],
  ['--prompt', 'login'],
  ['--no-prompt'],
  ['--max-age', '1'],
  ['--acr-values', 'high'],
  ['--no-preflight'],
  ['--headless', '--username', 'alice'],
])('%s does not go with --device, and is told why', async (...flags) => {
  const runtime = testRuntime({ home: await temporaryDirectory() });
  const provider = ['--issuer', 'https://id.example.test', '--app-id', 'x'];
  const error = await failureOf(runInProcess(runtime, ['sign-in', ...provider, '--device', ...flags]));
  expect(error).toMatchObject({ code: 'usage_invalid' });
  expect(error.message).toMatch(new RegExp(`^${flags[0]} does not go with --device: .{10,}\\.$`));
  expect(runtime.opened).toEqual([]);
});
