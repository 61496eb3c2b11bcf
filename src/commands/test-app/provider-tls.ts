import { X509Certificate } from 'node:crypto';
import { resolve } from 'node:path';
import { LogtoError } from '../../errors.js';
import {
  assertInTime,
  howToMakePair,
  isOwnAuthority,
  readTls,
  type ServerTls,
  type TlsFlags,
} from '../../loopback/server-tls.js';

/** How a provider speaks https, and what has to be trusted for that. */
export interface ProviderTls {
  /** `null`: it speaks http. */
  readonly tls: ServerTls | null;
  /** The authority of the certificate, an absolute path; absent where nobody named one, and the certificate is not its own. */
  readonly caFile?: string;
}

/**
 * Reads the certificate that the provider is to speak https with. One that is its own authority has to be named once only.
 *
 * @param now milliseconds since 1970
 * @throws LogtoError `usage_invalid`, `config_invalid`
 */
export async function readProviderTls(
  flags: TlsFlags & { readonly caFile?: string },
  now: number,
): Promise<ProviderTls> {
  const tls = await readTls(flags);
  const own = tls === null ? null : new X509Certificate(tls.cert);
  if (own !== null) assertGood(own, flags.tlsCert ?? '', now);
  const caFile = flags.caFile ?? (own !== null && isOwnAuthority(own) ? flags.tlsCert : undefined);
  return { tls, ...(caFile !== undefined && { caFile: resolve(caFile) }) };
}

/** One with which every check would fail, whatever the application does. */
function assertGood(certificate: X509Certificate, path: string, now: number): void {
  const names = [
    certificate.checkHost('localhost') === undefined ? ['localhost'] : [],
    // Where the token endpoint redirects to, once.
    certificate.checkIP('127.0.0.1') === undefined ? ['127.0.0.1'] : [],
  ].flat();
  if (names.length > 0) {
    throw new LogtoError(
      'config_invalid',
      `The certificate of --tls-cert (${path}) is not good for ${names.join(' and ')}.`,
      howToMakePair,
    );
  }
  assertInTime(certificate, path, now);
}
