import { X509Certificate } from 'node:crypto';
import type { CallbackKind } from './callback-listener.js';
import { loopbackRedirect } from './loopback-redirect.js';
import { assertForHost, assertInTime, readTls, type ServerTls, type TlsFlags } from './server-tls.js';

/** A redirect URI that is to be answered over https. */
export interface SecureCallback {
  readonly kind: CallbackKind;
  readonly redirectUri: string;
}

/**
 * Reads what a callback is answered over https with, and makes sure that a browser which trusts its authority takes it;
 * `null` when neither flag is there.
 *
 * @param now milliseconds since 1970
 * @throws LogtoError `usage_invalid` for one flag without the other; `config_invalid` for files that are of no use, and a
 * redirect URI that is none with https on loopback
 */
export async function readCallbackTls(
  flags: TlsFlags,
  { kind, redirectUri }: SecureCallback,
  now: number,
): Promise<ServerTls | null> {
  const tls = await readTls(flags);
  if (tls === null) return null;
  const { url } = loopbackRedirect({ kind, redirectUri, tls });
  const certificate = new X509Certificate(tls.cert);
  const path = flags.tlsCert ?? '';
  assertForHost(certificate, path, url.hostname);
  assertInTime(certificate, path, now);
  return tls;
}
