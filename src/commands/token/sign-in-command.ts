import { organizationResource, organizationScope } from '../../client/access-token.js';
import { providerFlags } from '../../client/logto-config.js';
import { type Session, sessionProvider } from '../../client/session.js';
import { type ErrorCode, LogtoError } from '../../errors.js';
import { callbackUri, isHttps } from '../../local-address.js';
import { defaultProfile } from '../../profile/profile-name.js';
import type { Settings } from '../../profile/settings.js';
import type { ConnectionFlags } from '../../session/connection-flags.js';
import { shellWords } from '../../shell-word.js';

/** What a new sign-in mends by asking for more than the last one did. */
const mended: readonly ErrorCode[] = ['resource_unknown', 'scope_not_allowed'];

/** Scopes that every sign-in asks for. */
const defaultScopes = ['openid', 'profile', 'offline_access'];

/** The flags that chose a token, and the session that it is of. */
interface Wanted extends ConnectionFlags {
  readonly resource?: readonly string[];
  readonly organization?: string;
}

/**
 * The failure with the sign-in that mends it as its hint, whole: the session as it is, and what was wanted. The client
 * knows nothing of profiles and flags. Any other failure is itself.
 */
export function withSignInCommand(
  error: unknown,
  session: Session,
  settings: Settings,
  flags: Wanted,
): unknown {
  if (!(error instanceof LogtoError) || !mended.includes(error.code)) return error;
  const command = signInCommand(session, settings, flags);
  return new LogtoError(error.code, error.message, `Sign in again with: ${command}`, error.details);
}

function signInCommand(session: Session, settings: Settings, flags: Wanted): string {
  const { organization } = flags;
  // What this command was told, or nobody remembers, the sign-in has to be told too.
  const isProviderKnown = (settings.endpoint ?? settings.issuer) !== undefined;
  const isProviderSaid =
    (flags.endpoint ?? flags.issuer ?? flags.discoveryUrl) !== undefined || !isProviderKnown;
  const isAppSaid = flags.appId !== undefined || settings.appId === undefined;
  const provider = providerFlags(sessionProvider(session));
  const granted = [session.scopes, ...session.accessTokens.map(({ scopes }) => scopes)].flat();
  // --organization asks for these by itself.
  const implied = organization === undefined ? [] : [organizationScope, organizationResource];
  const without = (values: readonly string[], left: readonly string[]) =>
    [...new Set(values)].filter((value) => !left.includes(value));
  return `logto-cli ${shellWords([
    'sign-in',
    ...(settings.profile === defaultProfile ? [] : ['--profile', settings.profile]),
    ...(isProviderSaid ? provider : []),
    ...(isAppSaid ? ['--app-id', session.appId] : []),
    ...(flags.caFile === undefined ? [] : ['--ca-file', flags.caFile]),
    ...(flags.authMethod === undefined ? [] : ['--auth-method', flags.authMethod]),
    ...(flags.clientKey === undefined ? [] : ['--client-key', flags.clientKey]),
    ...redirectFlags(session),
    ...without([...session.resources, ...(flags.resource ?? [])], implied).flatMap((value) => [
      '--resource',
      value,
    ]),
    ...(organization === undefined ? [] : ['--organization', organization]),
    ...without(granted, [...defaultScopes, ...implied]).flatMap((value) => ['--scope', value]),
  ])}`;
}

/** How the browser has to come back; where none did, it was on another device. */
function redirectFlags({ redirectUri }: Session): readonly string[] {
  if (redirectUri === undefined) return ['--device'];
  if (redirectUri === callbackUri()) return [];
  // Which files it was answered with, nobody has kept.
  const tls = isHttps(redirectUri) ? ['--tls-cert', '<pem>', '--tls-key', '<pem>'] : [];
  return ['--redirect-uri', redirectUri, ...tls];
}
