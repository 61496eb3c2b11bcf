import { createPrivateKey, X509Certificate } from 'node:crypto';
import { createSecureContext } from 'node:tls';
import { LogtoError } from '../errors.js';
import { readNamedText } from '../read-file.js';
import type { EmulatorFaults } from './faults/emulator-faults.js';

/** What an emulator that speaks https presents itself with, in PEM. */
export interface EmulatorTls {
  /** The certificate for `localhost`, and those between it and its authority. */
  readonly cert: string;
  /** Its private key, without a passphrase. */
  readonly key: string;
}

/**
 * Makes sure that a server can be made of these.
 *
 * @throws LogtoError `config_invalid`
 */
export function checkTls({ cert, key }: EmulatorTls): EmulatorTls {
  if (isPair(cert, key)) return { cert, key };
  throw new LogtoError(
    'config_invalid',
    'The certificate and the key of the emulator are no PEM, or do not belong to each other.',
    'Make a pair for localhost and 127.0.0.1, such as with mkcert; the key may have no passphrase.',
  );
}

function isPair(cert: string, key: string): boolean {
  try {
    // Refuses what follows the certificate as well.
    createSecureContext({ cert, key });
    return new X509Certificate(cert).checkPrivateKey(createPrivateKey(key));
  } catch {
    return false;
  }
}

/**
 * Refuses the fault `token=redirect` where the certificate is for `localhost` alone: an application that follows would fail
 * on the certificate, and look as one that does not follow.
 *
 * @throws LogtoError `config_invalid`
 */
export function assertElsewhere({ token }: EmulatorFaults, tls: EmulatorTls | null): void {
  if (token !== 'redirect' || tls === null || new X509Certificate(tls.cert).checkIP('127.0.0.1')) return;
  throw new LogtoError(
    'config_invalid',
    'The fault token=redirect leads to 127.0.0.1, for which the certificate of the emulator is not good.',
    'Use a certificate for localhost and 127.0.0.1, or leave this fault out.',
  );
}

/**
 * Reads the files that two flags name; `null` when neither does.
 *
 * @throws LogtoError `usage_invalid` for one without the other; `config_invalid` for a file that cannot be read
 */
export async function readTls(flags: {
  readonly tlsCert?: string;
  readonly tlsKey?: string;
}): Promise<EmulatorTls | null> {
  const { tlsCert, tlsKey } = flags;
  if (tlsCert === undefined && tlsKey === undefined) return null;
  if (tlsCert === undefined || tlsKey === undefined) {
    throw new LogtoError(
      'usage_invalid',
      `${tlsCert === undefined ? '--tls-key' : '--tls-cert'} is of no use alone: a server needs a certificate and its key.`,
      'Give both: --tls-cert <pem> --tls-key <pem>',
    );
  }
  return { cert: await readPem('--tls-cert', tlsCert), key: await readPem('--tls-key', tlsKey) };
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
