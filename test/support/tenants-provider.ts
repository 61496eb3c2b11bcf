import type { Lies } from './lies.js';
import { type LyingProvider, startLyingProvider } from './lying-provider.js';
import type { Json } from './signed-jwt.js';

/** Two tenants, named as Microsoft Entra names them. */
export const tenants = {
  one: '9188040d-6c67-4c5b-b112-36a304b66dad',
  other: '72f988bf-86f1-41af-91ab-2d7cd011db47',
} as const;

/** A provider with an issuer for each tenant, and one discovery document for all of them. */
export interface TenantsProvider {
  readonly lying: LyingProvider;
  /** As it is set: the template, and the place of the document. */
  readonly place: { readonly issuer: string; readonly discoveryUrl: string };
  /** Whose user signs in. May be changed at any time. */
  tenant: string;
  /** Changes the claims of an ID token, which honestly has `iss` and `tid` of that tenant. */
  idToken: (claims: Json) => Json;
  /** The issuer of a tenant. */
  issuerOf(tenant: string): string;
}

/**
 * A provider as Microsoft Entra is for the tenant `common`: the document is at `/common/v2.0`, its issuer is the template
 * `…/{tenantid}/v2.0`, and an ID token names the issuer of its tenant, and that in `tid`. It does nothing else of Entra.
 *
 * @param lies what it tells beside
 */
export async function startTenantsProvider(lies: Lies = {}): Promise<TenantsProvider> {
  const lying = await startLyingProvider();
  const { origin } = lying;
  const issuerOf = (tenant: string) => `${origin}/${tenant}/v2.0`;
  const place = {
    issuer: issuerOf('{tenantid}'),
    discoveryUrl: `${origin}/common/v2.0/.well-known/openid-configuration`,
  };
  const provider: TenantsProvider = {
    lying,
    place,
    tenant: tenants.one,
    idToken: (claims) => claims,
    issuerOf,
  };
  lying.lies = {
    ...lies,
    discovery: (document) =>
      lies.discovery?.({ ...document, issuer: place.issuer }) ?? { ...document, issuer: place.issuer },
    answers: {
      discovery: ({ url }) =>
        url.pathname === new URL(place.discoveryUrl).pathname ? 'honest' : { status: 404 },
      ...lies.answers,
    },
    authorizationResponse: (parameters) => {
      parameters.set('iss', issuerOf(provider.tenant));
      lies.authorizationResponse?.(parameters);
    },
    idToken: (header, claims) => {
      const { tenant } = provider;
      const honest = { ...claims, iss: issuerOf(tenant), tid: tenant };
      return { header, claims: provider.idToken(honest) };
    },
  };
  return provider;
}

/**
 * A provider as Azure AD B2C is: its document is below a policy, and its issuer, which has the tenant's ID and a slash at
 * the end, is another address of the same host where no document is.
 */
export async function startPolicyProvider(): Promise<{
  readonly lying: LyingProvider;
  readonly discoveryUrl: string;
}> {
  const lying = await startLyingProvider({}, { issuerPath: `/${tenants.one}/v2.0/` });
  const path = '/tenant.onmicrosoft.test/b2c_1_signin/v2.0/.well-known/openid-configuration';
  lying.lies = {
    answers: { discovery: ({ url }) => (url.pathname === path ? 'honest' : { status: 404 }) },
  };
  return { lying, discoveryUrl: `${lying.origin}${path}` };
}
