import { createPrivateKey, generateKeyPairSync, X509Certificate } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { assertForHost, assertInTime, isOwnAuthority, readTls } from '../../src/loopback/server-tls.js';
import { certificateFile, serverCertificate } from '../support/certificate-files.js';
import { failureOf } from '../support/failure-of.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

const { cert, key } = serverCertificate('localhost');
const privateKey = createPrivateKey(key);
const locked = { cipher: 'aes-256-cbc', passphrase: 'a-passphrase' } as const;

/** Two files of these, and the flags that name them. */
async function pairOf(contents: { readonly cert: string; readonly key: string }) {
  const directory = await temporaryDirectory();
  const [tlsCert, tlsKey] = [join(directory, 'cert.pem'), join(directory, "my 'own' key.pem")];
  await writeFile(tlsCert, contents.cert);
  await writeFile(tlsKey, contents.key);
  return { tlsCert, tlsKey };
}

function strangersKey(type: 'ec' | 'rsa'): string {
  const { privateKey: other } =
    type === 'ec'
      ? generateKeyPairSync('ec', { namedCurve: 'P-256' })
      : generateKeyPairSync('rsa', { modulusLength: 2048 });
  return other.export({ type: 'pkcs8', format: 'pem' }) as string;
}

describe('the files of a certificate and its key', () => {
  it('are read as they are', async () => {
    expect(await readTls(await pairOf({ cert, key }))).toEqual({ cert, key });
    expect(await readTls({})).toBeNull();
  });

  it('may be one file', async () => {
    const both = `${key}${cert}`;
    expect(await readTls(await pairOf({ cert: both, key: both }))).toEqual({ cert: both, key: both });
  });

  it.each([
    ['no certificate', { cert: 'x', key }, 'The file of --tls-cert (', ') is no certificate in PEM.'],
    [
      'the key as its certificate',
      { cert: key, key },
      'The file of --tls-cert (',
      'is no certificate in PEM.',
    ],
    ['no key', { cert, key: '' }, 'The file of --tls-key (', ') is no private key in PEM.'],
    [
      'the certificate as its key',
      { cert, key: cert },
      'The file of --tls-key (',
      'is no private key in PEM.',
    ],
    [
      'the key of somebody else',
      { cert, key: strangersKey('ec') },
      'The file of --tls-cert (',
      'do not belong to each other.',
    ],
    [
      'a key of another kind',
      { cert, key: strangersKey('rsa') },
      'The file of --tls-cert (',
      'do not belong to each other.',
    ],
    [
      'a broken chain',
      { cert: `${cert}-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n`, key },
      'The file of --tls-cert (',
      'cannot be used by a server (ERR_OSSL_',
    ],
  ])('are refused with %s, and nothing of them is repeated', async (_, contents, begins, says) => {
    const flags = await pairOf(contents);
    const { code, message, hint } = await failureOf(readTls(flags));
    expect(code).toBe('config_invalid');
    expect(message.startsWith(begins)).toBe(true);
    expect(message).toContain(says);
    expect(hint).toMatch(/^Make a pair: openssl req -x509 /);
    expect(`${message}${hint}`).not.toMatch(/BEGIN|MII|PRIVATE/);
  });

  it.each([
    ['PKCS #8', privateKey.export({ type: 'pkcs8', format: 'pem', ...locked })],
    ['the older form', privateKey.export({ type: 'sec1', format: 'pem', ...locked })],
  ])('are refused with a key that is encrypted (%s), which is said', async (_, encrypted) => {
    const flags = await pairOf({ cert, key: String(encrypted) });
    const { code, message, hint } = await failureOf(readTls(flags));
    expect(code).toBe('config_invalid');
    expect(message).toBe(
      `The file of --tls-key (${flags.tlsKey}) is encrypted, and no passphrase is asked for.`,
    );
    const quoted = `'${flags.tlsKey.replaceAll("'", "'\\''")}'`;
    expect(hint).toBe(`Make a copy without a passphrase: openssl pkey -in ${quoted} -out localhost-key.pem`);
  });

  it.each([
    [{ tlsCert: 'a.pem' }, 'usage_invalid', '--tls-cert is of no use alone'],
    [{ tlsKey: 'a.pem' }, 'usage_invalid', '--tls-key is of no use alone'],
    [{ tlsCert: '/nothing/a.pem', tlsKey: 'b.pem' }, 'config_invalid', '/nothing/a.pem (ENOENT)'],
    [{ tlsCert: certificateFile('localhost'), tlsKey: '/' }, 'config_invalid', '/ (it is a directory)'],
  ])('are refused as %j', async (flags, code, says) => {
    const failure = await failureOf(readTls(flags));
    expect(failure.code).toBe(code);
    expect(failure.message).toContain(says);
  });
});

describe('a certificate', () => {
  const certificateOf = (name: Parameters<typeof serverCertificate>[0]) =>
    new X509Certificate(serverCertificate(name).cert);

  it.each(['localhost', '127.0.0.1', '[::1]'])('is for %s by its subjectAltName', (hostname) => {
    expect(() => assertForHost(certificateOf('localhost'), 'a.pem', hostname)).not.toThrow();
  });

  it.each([
    ['elsewhere', 'localhost', 'localhost'],
    ['localhost', '127.0.0.2', '127.0.0.2'],
    ['elsewhere', '[::1]', '::1'],
    // Its CN alone, which no browser reads.
    ['authority', 'logto-cli test authority', 'logto-cli test authority'],
  ] as const)('%s is not for %s', async (name, hostname, said) => {
    const { code, message, hint } = await failureOf(() =>
      assertForHost(certificateOf(name), 'a.pem', hostname),
    );
    expect(code).toBe('config_invalid');
    expect(message).toBe(
      `The certificate of --tls-cert (a.pem) is not good for ${said}, the host of the redirect URI.`,
    );
    expect(hint).toContain('openssl req');
    // What it makes is good for that host.
    if (said !== 'logto-cli test authority') expect(hint).toMatch(new RegExp(`(DNS|IP):${said}[,"]`));
  });

  it('is refused before and after its time', async () => {
    const certificate = certificateOf('localhost');
    const [from, to] = [certificate.validFrom, certificate.validTo].map((text) => Date.parse(text));
    expect(() => assertInTime(certificate, 'a.pem', from ?? 0)).not.toThrow();
    for (const now of [(from ?? 0) - 1, (to ?? 0) + 1]) {
      const failure = await failureOf(() => assertInTime(certificate, 'a.pem', now));
      expect(failure.code).toBe('config_invalid');
      expect(failure.message).toMatch(/\(a\.pem\) is good from .* to .*, and not now\.$/);
    }
  });

  it('is told from one that somebody else has signed', () => {
    expect(isOwnAuthority(certificateOf('authority'))).toBe(true);
    expect(isOwnAuthority(certificateOf('localhost'))).toBe(false);
  });
});
