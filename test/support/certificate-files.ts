import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/**
 * Certificates for servers of tests, valid until 2120, with one worthless key for all of them:
 * `localhost` and `elsewhere` (a host of another name) are signed by `authority`, and so is `expired`.
 */
export type CertificateName = 'authority' | 'localhost' | 'elsewhere' | 'expired';

/** The path of a certificate, for what takes a file. */
export function certificateFile(name: CertificateName): string {
  return fileURLToPath(new URL(`./certificates/${name}.pem`, import.meta.url));
}

/** What a TLS server needs to present itself so. */
export function serverCertificate(name: CertificateName): { readonly key: string; readonly cert: string } {
  const key = readFileSync(new URL('./certificates/key.pem', import.meta.url), 'utf8');
  return { key, cert: readFileSync(certificateFile(name), 'utf8') };
}
