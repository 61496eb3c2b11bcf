import { createPrivateKey } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { certificateFile, serverCertificate } from '../../support/certificate-files.js';
import { failureOf } from '../../support/failure-of.js';
import { runInProcess } from '../../support/run-in-process.js';
import { temporaryDirectory } from '../../support/temporary-directory.js';
import { type TestRuntime, testRuntime } from '../../support/test-runtime.js';

const provider = ['--issuer', 'https://id.example.test', '--app-id', 'x'];
const cert = certificateFile('localhost');

let runtime: TestRuntime;
let key: string;
let lockedKey: string;
let sent: string[];
beforeEach(async () => {
  const home = await temporaryDirectory();
  key = join(home, 'key.pem');
  lockedKey = join(home, 'locked-key.pem');
  const { key: pem } = serverCertificate('localhost');
  await writeFile(key, pem);
  const locked = createPrivateKey(pem).export({
    ...{ type: 'pkcs8', format: 'pem' },
    ...{ cipher: 'aes-256-cbc', passphrase: 'a-passphrase' },
  } as const);
  await writeFile(lockedKey, locked);
  sent = [];
  const fetch = async () => async (url: string) => {
    sent.push(url);
    throw new Error('nothing is to be sent');
  };
  runtime = { ...testRuntime({ home }), fetch };
});

/** What becomes of a sign-in with these flags, which asks nobody and opens nothing. */
async function refusal(...flags: readonly string[]) {
  const failure = await failureOf(runInProcess(runtime, ['sign-in', ...provider, ...flags]));
  expect([sent, runtime.opened, runtime.questions]).toEqual([[], [], []]);
  expect(`${failure.message}${failure.hint}`).not.toMatch(/BEGIN|PRIVATE|a-passphrase/);
  return failure;
}

describe('a callback over https', () => {
  it.each([['--tls-cert'], ['--tls-key']])('is refused with %s alone', async (flag) => {
    expect(await refusal(flag, cert)).toMatchObject({
      code: 'usage_invalid',
      hint: 'Give both: --tls-cert <pem> --tls-key <pem>',
    });
  });

  it.each([
    ['expired', /good from .* to .*, and not now\.$/],
    ['elsewhere', /is not good for localhost, the host of the redirect URI\.$/],
  ] as const)('is refused with a certificate that is %s', async (name, says) => {
    const file = certificateFile(name);
    const { code, message, hint } = await refusal('--tls-cert', file, '--tls-key', key);
    expect(code).toBe('config_invalid');
    expect(message).toMatch(says);
    expect(message).toContain(file);
    expect(hint).toContain('openssl req');
  });

  it('is refused with a key that is encrypted', async () => {
    const { code, message } = await refusal('--tls-cert', cert, '--tls-key', lockedKey);
    expect(code).toBe('config_invalid');
    expect(message).toContain('is encrypted');
  });

  it('is refused with files that are no PEM, or cannot be read', async () => {
    expect((await refusal('--tls-cert', key, '--tls-key', key)).message).toContain('no certificate in PEM');
    expect((await refusal('--tls-cert', cert, '--tls-key', cert)).message).toContain('no private key in PEM');
    expect((await refusal('--tls-cert', cert, '--tls-key', '/nothing/a.pem')).message).toContain('ENOENT');
  });

  it.each(['--tls-cert', '--tls-key'])(
    'is refused with a key for the path of %s, unrepeated',
    async (flag) => {
      const failure = await refusal(flag, serverCertificate('localhost').key);
      expect(failure).toMatchObject({
        code: 'usage_invalid',
        hint: expect.stringContaining('consider it known'),
      });
    },
  );

  it('is that of the redirect URI, which has to have https then', async () => {
    const pair = ['--tls-cert', cert, '--tls-key', key];
    const { code, hint } = await refusal(...pair, '--redirect-uri', 'http://localhost:3000/callback');
    expect(code).toBe('config_invalid');
    expect(hint).toContain('--redirect-uri https://localhost:3000/callback');
    const app = await refusal(...pair, '--redirect-uri', 'https://app.example/callback');
    expect(app.message).toContain('not loopback');
    const other = await refusal(...pair, '--redirect-uri', 'https://127.1.2.3:3000/callback');
    expect(other.message).toContain('is not good for 127.1.2.3');
  });

  it('takes a certificate', async () => {
    const { code, message, hint } = await refusal('--redirect-uri', 'https://localhost:3000/callback');
    expect(code).toBe('config_invalid');
    expect(message).toContain('takes a certificate and its key');
    expect(hint).toContain('--tls-cert <pem> --tls-key <pem>');
  });

  it.each([[['--headless', '--username', 'alice']], [['--device']]])('is none with %j', async (flags) => {
    for (const flag of ['--tls-cert', '--tls-key']) {
      const { code, message } = await refusal(...flags, flag, cert);
      expect(code).toBe('usage_invalid');
      expect(message).toMatch(new RegExp(`^${flag} does not go with ${flags[0]}: no browser `));
    }
  });
});
