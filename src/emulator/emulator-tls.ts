import { X509Certificate } from 'node:crypto';
import { LogtoError } from '../errors.js';
import type { ServerTls } from '../loopback/server-tls.js';
import type { EmulatorFaults } from './faults/emulator-faults.js';

/**
 * Refuses the fault `token=redirect` where the certificate is for `localhost` alone: an application that follows would fail
 * on the certificate, and look as one that does not follow.
 *
 * @throws LogtoError `config_invalid`
 */
export function assertElsewhere({ token }: EmulatorFaults, tls: ServerTls | null): void {
  if (token !== 'redirect' || tls === null || new X509Certificate(tls.cert).checkIP('127.0.0.1')) return;
  throw new LogtoError(
    'config_invalid',
    'The fault token=redirect leads to 127.0.0.1, for which the certificate of the emulator is not good.',
    'Use a certificate for localhost and 127.0.0.1, or leave this fault out.',
  );
}
