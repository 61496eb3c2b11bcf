import { LogtoError } from '../../errors.js';

/** Flags of a sign-in, as far as they do not go with `--device`. */
export interface DeviceFlags {
  readonly headless?: boolean;
  readonly port?: number;
  readonly redirectUri?: string;
  readonly listen?: string;
  readonly tlsCert?: string;
  readonly tlsKey?: string;
  readonly signUp?: boolean;
  readonly firstScreen?: string;
  readonly identifier?: readonly string[];
  readonly loginHint?: string;
  readonly directSignIn?: string;
  readonly oneTimeTokenStdin?: boolean;
  readonly uiLocales?: string;
  readonly prompt?: string | boolean;
  readonly callbackStdin?: boolean;
  readonly maxAge?: number;
  readonly acrValues?: string;
  /** False with `--no-preflight`. */
  readonly preflight?: boolean;
}

const page =
  'the person opens a page of the provider that nothing can be handed on to (RFC 8628, section 3.1)';
const callback = 'no browser comes back to this machine';

/** Each with the reason for which it has no effect there. */
const without: readonly (readonly [flag: string, isGiven: (flags: DeviceFlags) => boolean, why: string])[] = [
  ['--headless', ({ headless }) => headless === true, 'one of the two says how the user signs in'],
  ['--port', ({ port }) => port !== undefined, callback],
  ['--redirect-uri', ({ redirectUri }) => redirectUri !== undefined, callback],
  ['--listen', ({ listen }) => listen !== undefined, callback],
  ['--tls-cert', ({ tlsCert }) => tlsCert !== undefined, callback],
  ['--tls-key', ({ tlsKey }) => tlsKey !== undefined, callback],
  ['--callback-stdin', ({ callbackStdin }) => callbackStdin === true, callback],
  ['--sign-up', ({ signUp }) => signUp === true, page],
  ['--first-screen', ({ firstScreen }) => firstScreen !== undefined, page],
  ['--identifier', ({ identifier }) => identifier !== undefined, page],
  ['--login-hint', ({ loginHint }) => loginHint !== undefined, page],
  ['--direct-sign-in', ({ directSignIn }) => directSignIn !== undefined, page],
  ['--one-time-token-stdin', ({ oneTimeTokenStdin }) => oneTimeTokenStdin === true, page],
  ['--ui-locales', ({ uiLocales }) => uiLocales !== undefined, page],
  ['--prompt', ({ prompt }) => typeof prompt === 'string', page],
  ['--no-prompt', ({ prompt }) => prompt === false, 'no prompt is sent there anyway'],
  ['--max-age', ({ maxAge }) => maxAge !== undefined, page],
  ['--acr-values', ({ acrValues }) => acrValues !== undefined, page],
  ['--no-preflight', ({ preflight }) => preflight === false, 'the first request is answered at once there'],
];

/**
 * Refuses what would have no effect on a sign-in on another device, before anything is read.
 *
 * @throws LogtoError `usage_invalid`
 */
export function checkDeviceFlags(flags: DeviceFlags): void {
  const [flag, , why] = without.find(([, isGiven]) => isGiven(flags)) ?? [];
  if (flag === undefined) return;
  throw new LogtoError(
    'usage_invalid',
    `${flag} does not go with --device: ${why}.`,
    `Leave out ${flag}, or sign in without --device.`,
  );
}
