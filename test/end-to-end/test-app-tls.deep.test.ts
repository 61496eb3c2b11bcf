import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { certificateFile, serverCertificate } from '../support/certificate-files.js';
import { freePort } from '../support/free-port.js';
import { documentOf, runProgram } from '../support/program.js';
import { runCommand } from '../support/run-command.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

const httpsOnly = fileURLToPath(new URL('../sample-application/https-only.js', import.meta.url));
const page = readFileSync(new URL('../../src/help/test-app.md', import.meta.url), 'utf8');

async function arranged() {
  const port = await freePort();
  const directory = await temporaryDirectory();
  const key = join(directory, 'key.pem');
  await writeFile(key, serverCertificate('localhost').key);
  return {
    home: directory,
    key,
    args: [`http://localhost:${port}/`, '--env', `PORT=${port}`, '--json'],
    command: ['--', process.execPath, httpsOnly],
  };
}

describe('an application that refuses an issuer without TLS', () => {
  it('is tested by a provider that has a certificate, with what of the rest an answer by TLS changes', async () => {
    const { home, key, args, command } = await arranged();
    const plain = await runProgram(['test-app', ...args, ...command], { home });
    expect(documentOf(plain).error).toMatchObject({
      code: 'app_not_started',
      details: { printed: [expect.stringMatching(/^The issuer http:.* is not secure\.$/)] },
    });
    const tls = [
      '--tls-cert',
      certificateFile('localhost'),
      '--tls-key',
      key,
      '--ca-file',
      certificateFile('authority'),
    ];
    const places = [
      ...['--sign-out', '/sign-out', '--sign-up', '/sign-up'],
      ...['--back-channel-logout', '/backchannel-logout'],
    ];
    const outcome = await runProgram(['test-app', ...args, ...places, ...tls, ...command], { home });
    const { checks } = documentOf(outcome) as { checks: { outcome: string }[] };
    expect(checks.filter((check) => check.outcome !== 'passed')).toEqual([]);
    expect(outcome).toMatchObject({ exitCode: 0, stderr: '' });
  });

  it('is tested with a certificate that is made as the error and the page say', async () => {
    const { home, key, args, command } = await arranged();
    const tls = (cert: string, own: string) => ['--tls-cert', cert, '--tls-key', own];
    const refused = await runProgram(
      ['test-app', ...args, ...tls(certificateFile('elsewhere'), key), ...command],
      {
        home,
      },
    );
    const { code, message, hint } = documentOf(refused).error;
    expect(`${code}: ${message}`).toBe(
      `config_invalid: The certificate of --tls-cert (${certificateFile('elsewhere')}) is not good for localhost and 127.0.0.1.`,
    );
    const [make = ''] = /openssl .*$/.exec(hint) ?? [];
    expect(page.replaceAll(/ \\\n\s*/g, ' ')).toContain(make);
    const { status, stderr } = await runCommand('sh', ['-c', make], { cwd: home });
    expect(status, stderr).toBe(0);
    const own = tls('localhost.pem', 'localhost-key.pem');
    const outcome = await runProgram(['test-app', ...args, '--only', 'sound', ...own, ...command], {
      home,
      directory: home,
    });
    expect(outcome).toMatchObject({ exitCode: 0, stderr: '' });
  });

  it.each([
    ['expired', /is good from .* to .*, and not now\.$/],
    ['elsewhere', /not good for/],
  ] as const)('is not begun with a certificate that is %s', async (name, said) => {
    const { home, key, args, command } = await arranged();
    const flags = ['--tls-cert', certificateFile(name), '--tls-key', key];
    const { error } = documentOf(await runProgram(['test-app', ...args, ...flags, ...command], { home }));
    expect(error.message).toMatch(said);
  });
});
