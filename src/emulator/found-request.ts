import type { KoaContextWithOIDC } from 'oidc-provider';
import type { Provider } from 'oidc-provider/lib/provider.js';
import type { EmulatorRequest } from './emulator-request.js';
import type { EmulatorFaults } from './faults/emulator-faults.js';

type Context = Parameters<Parameters<Provider['use']>[0]>[0];

/** The faults that are about a request of the engine, by its path. */
const about: Readonly<Record<string, readonly (keyof EmulatorFaults)[]>> = {
  '/oidc/.well-known/openid-configuration': ['discovery'],
  '/oidc/jwks': ['jwks'],
  '/oidc/auth': ['authorization', 'response'],
  '/oidc/token': ['token', 'jwks', 'idToken', 'code', 'refresh'],
  '/oidc/me': ['userinfo'],
  '/oidc/token/revocation': ['revocation'],
  '/oidc/session/end': ['endSession', 'logoutToken'],
};

/** What the engine has read in a request, nothing of it secret: an application or a user that there is not is left out. */
export function foundIn(ctx: Context): Pick<EmulatorRequest, 'grantType' | 'clientId' | 'subject'> {
  // Nothing where a fault has answered before the engine heard of it.
  const oidc: KoaContextWithOIDC['oidc'] | undefined = ctx.oidc;
  const grantType = oidc?.params?.['grant_type'];
  const clientId = oidc?.entities?.Client?.clientId;
  const { Account: account, AccessToken: token, Session: session } = oidc?.entities ?? {};
  const subject = account?.accountId ?? token?.accountId ?? session?.accountId;
  return {
    ...(typeof grantType === 'string' && { grantType }),
    ...(clientId !== undefined && { clientId }),
    ...(typeof subject === 'string' && { subject }),
  };
}

/** Of some faults those that are about a request of this path. The clock is wrong for all that the engine answers. */
export function faultsAbout(path: string, faults: EmulatorFaults): Pick<EmulatorRequest, 'faults'> {
  if (!path.startsWith('/oidc/')) return {};
  const own = Object.hasOwn(about, path)
    ? (about[path] ?? [])
    : path.startsWith('/oidc/auth/')
      ? ['response' as const]
      : [];
  const named = [...own, 'clock' as const].flatMap((name) => {
    const value = faults[name];
    return value === undefined ? [] : [`${name}=${value}`];
  });
  return named.length === 0 ? {} : { faults: named };
}
