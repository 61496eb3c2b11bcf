import type { Session } from '../../client/session.js';
import { LogtoError } from '../../errors.js';
import { callbackUri, isHttps, portOf, problemOfAddress, signedOutUri } from '../../local-address.js';
import type { TlsFlags } from '../../loopback/server-tls.js';
import { isLoopbackHost } from '../../oidc/issuer-url.js';
import { defaultProfile } from '../../profile/profile-name.js';
import type { Settings } from '../../profile/settings.js';
import type { ConnectionFlags } from '../../session/connection-flags.js';
import { shellWord, shellWords } from '../../shell-word.js';
import type { OutputFlags } from '../command.js';
import { hasTls } from '../request-options.js';

/** The flags of `sign-out`. */
export interface SignOutFlags extends ConnectionFlags, OutputFlags, TlsFlags {
  readonly local?: boolean;
  /** False with `--no-browser`. */
  readonly browser: boolean;
  readonly port?: number;
  readonly listen?: string;
  readonly postLogoutRedirectUri?: string;
  readonly timeout: number;
  readonly param?: readonly string[];
}

/**
 * Refuses what would have no effect, before anything is read.
 *
 * @throws LogtoError `usage_invalid`
 */
export function checkEffects(flags: SignOutFlags): void {
  const ofListener = [
    ['--port', flags.port],
    ['--listen', flags.listen],
    ['--tls-cert', flags.tlsCert],
    ['--tls-key', flags.tlsKey],
  ] as const;
  const ofRequest = [
    ['--param', flags.param],
    ['--post-logout-redirect-uri', flags.postLogoutRedirectUri],
  ] as const;
  const [other, without, why] = flags.local
    ? (['--local', [...ofRequest, ...ofListener], 'the provider and the browser have no part in it'] as const)
    : (['--post-logout-redirect-uri none', ofListener, 'the browser does not come back then'] as const);
  const stray = without.find(([, value]) => value !== undefined)?.[0];
  if (stray === undefined || (!flags.local && flags.postLogoutRedirectUri !== 'none')) return;
  throw new LogtoError(
    'usage_invalid',
    `${stray} does not go with ${other}: ${why}.`,
    `Leave out ${stray}, or sign out without ${other}.`,
  );
}

/** Refuses what no provider can send a browser back to, before anything is cleared: most likely it is a `none` mistyped. */
export function checkWayBack({ postLogoutRedirectUri: uri }: SignOutFlags): void {
  if (uri === undefined || uri === 'none' || URL.canParse(uri)) return;
  throw new LogtoError(
    'config_invalid',
    `The post sign-out redirect URI (--post-logout-redirect-uri) ${problemOfAddress(uri, 'is not an absolute URL')}.`,
    `Give one that is registered, such as --post-logout-redirect-uri ${shellWord(signedOutUri())}; or none, to ask for no way back.`,
  );
}

/**
 * Where the provider sends the browser back to: as from the sign-in, unless flags say otherwise. `null`: nowhere.
 *
 * @throws LogtoError `config_invalid` where that takes a certificate
 */
export function wayBack(
  { redirectUri }: Pick<Session, 'redirectUri'>,
  { profile }: Pick<Settings, 'profile'>,
  flags: SignOutFlags,
): string | null {
  const { postLogoutRedirectUri: given } = flags;
  if (given !== undefined) return given === 'none' ? null : given;
  const from =
    redirectUri !== undefined && isLoopbackHost(new URL(redirectUri).hostname) ? redirectUri : callbackUri();
  const isSecure = hasTls(flags);
  if (isSecure || !isHttps(from)) {
    // A usual port is not said: providers compare letter by letter.
    return new URL(signedOutUri(flags.port ?? portOf(from), isSecure ? 'https' : 'http')).href;
  }
  const command = `logto-cli ${shellWords(['sign-out', ...(profile === defaultProfile ? [] : ['--profile', profile])])}`;
  throw new LogtoError(
    'config_invalid',
    `The redirect URI of the sign-in is ${from}: to come back so from a sign-out takes a certificate and its key.`,
    `Give both: ${command} --tls-cert <pem> --tls-key <pem>; or ask for no way back: ${command} --post-logout-redirect-uri none`,
  );
}
