import { createPrivateKey, X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { LogtoError } from '../errors.js';
import { readNamedText } from '../read-file.js';
import { shellWord } from '../shell-word.js';

/** What a server that speaks https presents itself with, in PEM. */
export interface ServerTls {
  /** The certificate, and those between it and its authority. */
  readonly cert: string;
  /** Its private key, without a passphrase. */
  readonly key: string;
}

/** The files of a certificate and its key, as two flags name them. */
export interface TlsFlags {
  readonly tlsCert?: string;
  readonly tlsKey?: string;
}

/** How to come to a certificate for this machine, and its key. */
export const howToMakePair = howToMakePairFor([]);

/** The same for further loopback addresses. */
function howToMakePairFor(addresses: readonly string[]): string {
  const names = ['DNS:localhost', ...['127.0.0.1', '::1', ...addresses].map((address) => `IP:${address}`)];
  return (
    'Make a pair: openssl req -x509 -newkey rsa:2048 -nodes -days 30 -subj /CN=localhost ' +
    `-addext "subjectAltName=${[...new Set(names)].join()}" -keyout localhost-key.pem -out localhost.pem`
  );
}

/**
 * Reads the files that two flags name; `null` when neither does.
 *
 * @throws LogtoError `usage_invalid` for one without the other; `config_invalid` for a file that cannot be read, and for
 * two of which no server can be made: nothing of them is repeated
 */
export async function readTls({ tlsCert, tlsKey }: TlsFlags): Promise<ServerTls | null> {
  if (tlsCert === undefined && tlsKey === undefined) return null;
  if (tlsCert === undefined || tlsKey === undefined) {
    throw new LogtoError(
      'usage_invalid',
      `${tlsCert === undefined ? '--tls-key' : '--tls-cert'} is of no use alone: a server needs a certificate and its key.`,
      'Give both: --tls-cert <pem> --tls-key <pem>',
    );
  }
  const tls = { cert: await readPem('--tls-cert', tlsCert), key: await readPem('--tls-key', tlsKey) };
  const problem = problemOfPair(tls);
  if (problem === null) return tls;
  const [cert, key] = [`The file of --tls-cert (${tlsCert})`, `the file of --tls-key (${tlsKey})`];
  switch (problem.of) {
    case 'certificate':
      throw new LogtoError('config_invalid', `${cert} ${problem.words}.`, howToMakePair);
    case 'key':
      throw new LogtoError(
        'config_invalid',
        `The${key.slice(3)} ${problem.words}.`,
        problem.isEncrypted
          ? `Make a copy without a passphrase: openssl pkey -in ${shellWord(tlsKey)} -out localhost-key.pem`
          : howToMakePair,
      );
    case 'pair':
      throw new LogtoError('config_invalid', `${cert} and ${key} ${problem.words}.`, howToMakePair);
  }
}

/**
 * Makes sure that a server can be made of these.
 *
 * @throws LogtoError `config_invalid`
 */
export function checkTls({ cert, key }: ServerTls): ServerTls {
  const problem = problemOfPair({ cert, key });
  if (problem === null) return { cert, key };
  const what = { certificate: 'The certificate', key: 'The key', pair: 'The certificate and the key' };
  throw new LogtoError(
    'config_invalid',
    `${what[problem.of]} of the server ${problem.words}.`,
    'Make a pair for localhost and 127.0.0.1, such as with mkcert; the key may have no passphrase.',
  );
}

/** Whether a certificate is signed by its own key, and so by nobody whom a browser knows. */
export function isOwnAuthority(certificate: X509Certificate): boolean {
  return certificate.checkIssued(certificate) && certificate.verify(certificate.publicKey);
}

/**
 * Refuses a certificate with which nobody could be served now.
 *
 * @param path its file
 * @param now milliseconds since 1970
 * @throws LogtoError `config_invalid`
 */
export function assertInTime(certificate: X509Certificate, path: string, now: number): void {
  const { validFrom, validTo } = certificate;
  if (now >= Date.parse(validFrom) && now <= Date.parse(validTo)) return;
  throw new LogtoError(
    'config_invalid',
    `The certificate of --tls-cert (${path}) is good from ${validFrom} to ${validTo}, and not now.`,
    howToMakePair,
  );
}

/**
 * Refuses a certificate that is not for this host by its subjectAltName: browsers look at nothing else (RFC 9525,
 * section 6.3).
 *
 * @param hostname as `URL` has it
 * @throws LogtoError `config_invalid`
 */
export function assertForHost(certificate: X509Certificate, path: string, hostname: string): void {
  const host = hostname.replace(/^\[|\]$/g, '');
  const isName = isIP(host) === 0;
  const found = isName ? certificate.checkHost(host, { subject: 'never' }) : certificate.checkIP(host);
  if (found !== undefined) return;
  throw new LogtoError(
    'config_invalid',
    `The certificate of --tls-cert (${path}) is not good for ${host}, the host of the redirect URI.`,
    howToMakePairFor(isName ? [] : [host]),
  );
}

/** What keeps a server from being made of a pair, as a sentence about it ends. */
interface PairProblem {
  readonly of: 'certificate' | 'key' | 'pair';
  readonly words: string;
  readonly isEncrypted?: boolean;
}

/** OpenSSL's own words are never repeated: only the name of its error. */
function problemOfPair({ cert, key }: ServerTls): PairProblem | null {
  const certificate = madeBy(() => new X509Certificate(cert));
  if ('code' in certificate) return { of: 'certificate', words: 'is no certificate in PEM' };
  const own = madeBy(() => createPrivateKey(key));
  if ('code' in own) {
    const isEncrypted = /^-----BEGIN ENCRYPTED PRIVATE KEY-----|^Proc-Type: ?4, ?ENCRYPTED/m.test(key);
    const words = isEncrypted ? 'is encrypted, and no passphrase is asked for' : 'is no private key in PEM';
    return { of: 'key', words, isEncrypted };
  }
  const fits = madeBy(() => certificate.value.checkPrivateKey(own.value));
  if (!('value' in fits && fits.value)) return { of: 'pair', words: 'do not belong to each other' };
  // Refuses what follows the certificate as well, and keys that are too weak.
  const { createSecureContext } = process.getBuiltinModule('node:tls');
  const context = madeBy(() => createSecureContext({ cert, key }));
  return 'code' in context ? { of: 'pair', words: `cannot be used by a server (${context.code})` } : null;
}

function madeBy<Value>(make: () => Value): { readonly value: Value } | { readonly code: string } {
  try {
    return { value: make() };
  } catch (error) {
    return { code: (error as NodeJS.ErrnoException).code ?? 'unknown' };
  }
}

function readPem(flag: string, path: string): Promise<string> {
  return readNamedText(
    path,
    (why) =>
      new LogtoError(
        'config_invalid',
        `The file of ${flag} cannot be read: ${path} (${why}).`,
        'Name a file in PEM that this user may read.',
      ),
  );
}
