import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { portHolder } from '../../src/loopback/port-holder.js';
import { createFetch } from '../../src/network/create-fetch.js';
import { attackAtOnce, attacks, holdOpen, requestWords } from '../loopback/attacks.js';
import { ownAddress } from '../loopback/own-address.js';
import { certificateFile, serverCertificate } from '../support/certificate-files.js';
import { HttpBrowser } from '../support/http-browser.js';
import { startLyingProvider } from '../support/lying-provider.js';
import { documentOf, startProgram } from '../support/program.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

const interfaces = Object.values(networkInterfaces()).flatMap((all) => all ?? []);
const hasIpv6 = interfaces.some(({ address }) => address === '::1');
const loopback = ['127.0.0.1', ...(hasIpv6 ? ['::1'] : [])];

/** Megabytes of memory that the process has in use which listens on a port; `null` where the platform does not tell. */
async function memoryOf(port: number): Promise<number | null> {
  const holder = await portHolder('127.0.0.1', port);
  if (holder !== null) {
    const status = readFileSync(`/proc/${holder.pid}/status`, 'utf8');
    return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) / 1024;
  }
  process.stderr.write('skipped: the memory of a process is told by Linux only\n');
  return null;
}

/** A way to be reached, and how many attacks it is tried with: a TLS handshake is work for both sides. */
const ways = [
  { over: 'http', count: 1500, environment: {} },
  { over: 'https', count: 200, environment: {} },
  { over: 'http from other machines', count: 500, environment: { LOGTO_CLI_ALLOW_NON_LOOPBACK: '1' } },
] as const;

it.each(ways)(
  'a sign-in under fire over $over stays small and quiet, takes the true response, and ends within a second',
  async ({ over, count, environment }) => {
    const home = await temporaryDirectory();
    const isSecure = over === 'https';
    const key = join(home, 'key.pem');
    await writeFile(key, serverCertificate('localhost').key);
    const how = {
      http: ['--port', '0'],
      https: ['--port', '0', '--tls-cert', certificateFile('localhost'), '--tls-key', key],
      'http from other machines': ['--listen', '0.0.0.0', '--redirect-uri', 'http://localhost:0/callback'],
    }[over];
    const addresses = over.endsWith('machines') ? [ownAddress, '127.0.0.1'] : loopback;
    const provider = await startLyingProvider();
    onTestFinished(() => provider.close());
    const flags = ['--issuer', provider.issuer, '--app-id', provider.clientId];
    const program = startProgram(
      ['sign-in', ...flags, '--no-browser', '--storage', 'file', '--json', ...how],
      { home, environment },
    );
    const url = await program.address();
    const { searchParams } = new URL(url);
    const port = Number(new URL(searchParams.get('redirect_uri') ?? '').port);
    const state = searchParams.get('state') ?? '';
    const attack = async (count: number) => {
      expect(await attackAtOnce({ port, state, isSecure }, addresses, count)).toEqual([]);
    };

    await attack(count);
    const before = await memoryOf(port);
    await attack(count * 2);
    const slow = requestWords({ port, state, isSecure }).slice(0, -10);
    const sockets = await holdOpen({ port, isSecure }, addresses, isSecure ? 400 : 700, ['', slow]);
    const after = await memoryOf(port);
    if (before !== null && after !== null) expect(after - before).toBeLessThan(64);
    expect(sockets.open).toBeGreaterThan(200);

    const more = attackAtOnce({ port, state, isSecure }, addresses, attacks.length * 2);
    const browser = new HttpBrowser(
      await createFetch({ environment: {}, caFile: certificateFile('authority') }),
      async () => {},
    );
    const page = await browser.show(await provider.authorize(url));
    expect(page.text).toContain('You are signed in');
    const start = performance.now();
    const outcome = await program.ended;
    expect(performance.now() - start).toBeLessThan(1000);
    await Promise.all([more, sockets.closed]);

    expect(outcome.exitCode).toBe(0);
    expect(documentOf(outcome).subject).toBe(provider.subject);
    const codes = provider.requestsTo('token').map(({ form }) => form.get('code') ?? '');
    expect(codes.filter((code) => provider.issued.includes(code))).toHaveLength(1);
    // Three of a wrong and of a missing state each, then the 10th, 100th and 1000th.
    const lines = outcome.stderr.split('\n').filter((line) => line.startsWith('warning:'));
    expect(lines.length).toBeGreaterThan(0);
    // And the one that says who may come.
    expect(lines.length).toBeLessThanOrEqual(over.endsWith('machines') ? 13 : 12);
    expect(outcome.stderr.replace(url, '')).not.toContain(state);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what this is about
    expect(outcome.stderr).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
  },
);
