import type { IncomingMessage } from 'node:http';
import type { Configuration, KoaContextWithOIDC } from 'oidc-provider';
import type { Provider } from 'oidc-provider/lib/provider.js';
import { ExpiringAdapter } from './expiring-adapter.js';

type Features = NonNullable<Configuration['features']>;

/** The grant type of the device flow (RFC 8628, section 3.4). */
export const deviceGrantType = 'urn:ietf:params:oauth:grant-type:device_code';

/** Seconds for which a device code can be used. */
export const deviceCodeLifetime = 600;

const cookieName = '_device_flow_xsrf';
const cookiePath = '/device';

/**
 * The engine's device flow (RFC 8628). As at Logto every page of it is outside the engine, which sends the browser
 * there; a cookie carries what the form of the confirmation must send back.
 */
export function deviceFlow(): NonNullable<Features['deviceFlow']> {
  return {
    enabled: true,
    charset: 'base-20',
    mask: '****-****',
    deviceInfo: () => ({}),
    userCodeInputSource: (ctx, _form, _out, error) => {
      const { name = '', userCode } = (error ?? {}) as { name?: string; userCode?: string };
      const query = new URLSearchParams({
        ...(userCode === undefined ? {} : { input_code: userCode }),
        ...(error ? { error: name } : {}),
      });
      ctx.redirect(query.size === 0 ? '/device' : `/device?${query}`);
    },
    userCodeConfirmSource: (ctx, _form, _client, _deviceInfo, userCode) => {
      setCookie(ctx, String(ctx.oidc.session?.state?.['secret']));
      ctx.redirect(`/device?${new URLSearchParams({ user_code: userCode })}`);
    },
    successSource: (ctx) => ctx.redirect('/device/success'),
  };
}

/** The codes that devices show and nobody has answered yet, the latest first, as they show them. */
export function waitingUserCodes({ DeviceCode }: Provider): readonly string[] {
  const { adapter } = DeviceCode;
  const codes = adapter instanceof ExpiringAdapter ? adapter.unused : [];
  return codes
    .filter(({ accountId, error, inFlight }) => !accountId && !error && !inFlight)
    .map(({ userCode = '' }) => userCode.replace(/^(.{4})(?=.{4}$)/, '$1-'))
    .filter(Boolean);
}

function setCookie(ctx: KoaContextWithOIDC, value: string): void {
  ctx.cookies.set(cookieName, value, {
    path: cookiePath,
    httpOnly: true,
    sameSite: 'lax',
    signed: false,
    maxAge: deviceCodeLifetime * 1000,
  });
}

/** What the form of the confirmation must send; `null` when the engine has to be asked first. */
export function confirmationSecret(req: IncomingMessage): string | null {
  return new RegExp(`(?:^|; )${cookieName}=([^;]*)`).exec(req.headers.cookie ?? '')?.[1] ?? null;
}

/** Ends the cookie: the page that it made possible is shown once, so that an old one never meets a new code. */
export const endOfConfirmationSecret = {
  'Set-Cookie': `${cookieName}=; path=${cookiePath}; expires=Thu, 01 Jan 1970 00:00:00 GMT`,
} as const;
