import { X509Certificate } from 'node:crypto';
import { resolve } from 'node:path';
import { type EmulatorTls, readTls } from '../../emulator/emulator-tls.js';
import { LogtoError } from '../../errors.js';

/** How a provider speaks https, and what has to be trusted for that. */
export interface ProviderTls {
  /** `null`: it speaks http. */
  readonly tls: EmulatorTls | null;
  /** The authority of the certificate, an absolute path; absent where nobody named one, and the certificate is not its own. */
  readonly caFile?: string;
}

const how =
  'Make one for both: openssl req -x509 -newkey rsa:2048 -nodes -days 30 -subj /CN=localhost ' +
  '-addext subjectAltName=DNS:localhost,IP:127.0.0.1 -keyout localhost-key.pem -out localhost.pem';

/**
 * Reads the certificate that the provider is to speak https with. One that is its own authority has to be named once only.
 *
 * @param now milliseconds since 1970
 * @throws LogtoError `usage_invalid`, `config_invalid`
 */
export async function readProviderTls(
  flags: { readonly tlsCert?: string; readonly tlsKey?: string; readonly caFile?: string },
  now: number,
): Promise<ProviderTls> {
  const tls = await readTls(flags);
  const own = tls === null ? null : certificateOf(tls.cert);
  if (own !== null) assertGood(own, now);
  const caFile = flags.caFile ?? (own !== null && isOwnAuthority(own) ? flags.tlsCert : undefined);
  return { tls, ...(caFile !== undefined && { caFile: resolve(caFile) }) };
}

/** What is no certificate is refused by the emulator, in words of its own. */
function certificateOf(pem: string): X509Certificate | null {
  try {
    return new X509Certificate(pem);
  } catch {
    return null;
  }
}

/** One with which every check would fail, whatever the application does. */
function assertGood(certificate: X509Certificate, now: number): void {
  const names = [
    certificate.checkHost('localhost') === undefined ? ['localhost'] : [],
    // Where the token endpoint redirects to, once.
    certificate.checkIP('127.0.0.1') === undefined ? ['127.0.0.1'] : [],
  ].flat();
  if (names.length > 0) {
    throw new LogtoError(
      'config_invalid',
      `The certificate of --tls-cert is not good for ${names.join(' and ')}.`,
      how,
    );
  }
  if (now < Date.parse(certificate.validFrom) || now > Date.parse(certificate.validTo)) {
    throw new LogtoError(
      'config_invalid',
      `The certificate of --tls-cert is good from ${certificate.validFrom} to ${certificate.validTo}, and not now.`,
      how,
    );
  }
}

function isOwnAuthority(certificate: X509Certificate): boolean {
  return certificate.checkIssued(certificate) && certificate.verify(certificate.publicKey);
}
