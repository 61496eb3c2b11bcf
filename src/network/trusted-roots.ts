import { X509Certificate } from 'node:crypto';
import { LogtoError } from '../errors.js';
import { readNamedText } from '../read-file.js';
import type { Environment } from './proxy-for.js';

/**
 * The certificates to trust when a file adds to them: Node's own, those of `NODE_EXTRA_CA_CERTS`, and the file's.
 *
 * @throws LogtoError `config_invalid` when the file cannot be read or holds anything but PEM certificates
 */
export async function trustedRoots(caFile: string, environment: Environment): Promise<string[]> {
  const extra = await readNamedText(caFile, (why) => invalid(caFile, `cannot be read (${why})`));
  const certificates = pemCertificates(extra);
  if (certificates.length === 0) throw invalid(caFile, 'holds no PEM certificate');
  if (!certificates.every(isCertificate)) throw invalid(caFile, 'holds a broken certificate');
  return [...(await defaultRoots(environment)), ...certificates];
}

async function defaultRoots(environment: Environment): Promise<readonly string[]> {
  // Node 22.15 and later know what they trust by default; before that the extra file has to be read again.
  // Whoever adds no certificate loads this with the first connection that needs it.
  const tls = process.getBuiltinModule('node:tls');
  const { getCACertificates } = tls as { getCACertificates?: (type: 'default') => string[] };
  if (getCACertificates !== undefined) return getCACertificates('default');
  const path = environment['NODE_EXTRA_CA_CERTS'];
  // Node itself only warns about an unusable file here.
  const unusable = (why: string) => invalid(path ?? '', `cannot be read (${why})`);
  const extra = path ? await readNamedText(path, unusable).catch(() => '') : '';
  return [...tls.rootCertificates, ...pemCertificates(extra).filter(isCertificate)];
}

function pemCertificates(text: string): string[] {
  const lines = text.split('\n').map((line) => line.trim());
  return lines.join('\n').match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
}

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem) instanceof X509Certificate;
  } catch {
    return false;
  }
}

function invalid(caFile: string, reason: string): LogtoError {
  return new LogtoError(
    'config_invalid',
    `The CA file ${caFile} ${reason}.`,
    "Give --ca-file the path of a PEM file with the certificate of the authority behind the provider's.",
  );
}
