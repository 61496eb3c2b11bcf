import { generateKeyPairSync } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import type { Answering } from '../support/lies.js';
import { startLyingProvider } from '../support/lying-provider.js';
import { runProgram } from '../support/program.js';
import { temporaryDirectory } from '../support/temporary-directory.js';
import { filesOf } from './sign-in-run.js';

const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const pem = String(privateKey.export({ type: 'pkcs8', format: 'pem' }));
const jwk = privateKey.export({ format: 'jwk' });

/** Repeats in its error what it was sent as the proof. */
const repeating: Answering = ({ form }) => ({
  status: 400,
  body: {
    error: 'invalid_request',
    error_description: `cannot use ${form.get('client_assertion')}`,
    error_uri: form.get('client_assertion'),
  },
});

it.each([
  ['a file', 'file', 0],
  ['a variable', 'variable', 0],
  ['a file, at a provider that repeats what it got', 'file', 9],
])('neither a key in %s nor what it signs is shown anywhere', async (_, place, exitCode) => {
  const home = await temporaryDirectory();
  const lying = await startLyingProvider(exitCode === 0 ? {} : { answers: { token: repeating } });
  onTestFinished(() => lying.close());
  const file = join(await temporaryDirectory(), 'key.json');
  await writeFile(file, JSON.stringify(jwk));
  const key = place === 'file' ? ['--client-key', file] : [];
  const connection = ['--issuer', lying.issuer, '--app-id', 'app', ...key];
  const outcome = await runProgram(['token', '--client-credentials', '--verbose', '--trace', ...connection], {
    home,
    environment: place === 'file' ? {} : { LOGTO_CLI_CLIENT_KEY: pem },
  });
  expect(outcome.exitCode).toBe(exitCode);
  const assertion = lying.requestsTo('token')[0]?.form.get('client_assertion') ?? '';
  expect(assertion.split('.')).toHaveLength(3);
  const everything = [outcome.stderr, outcome.stdout, ...Object.values(filesOf(home))].join('\n');
  const secrets = [assertion, assertion.split('.')[2], String(jwk.d), pem.split('\n')[1]] as string[];
  for (const secret of secrets) expect(everything).not.toContain(secret);
});
