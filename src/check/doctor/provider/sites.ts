import { isSameSite } from '../../../oidc/same-site.js';
import { passed } from '../../run/check-results.js';
import type { DoctorCheck } from '../doctor-check.js';

/** What an application, or an API, sends to an endpoint and would not have anybody else know. */
const secretsOf = {
  token_endpoint: "the application's secret, codes and refresh tokens",
  pushed_authorization_request_endpoint: "the application's secret",
  device_authorization_endpoint: "the application's secret",
  userinfo_endpoint: 'access tokens',
  revocation_endpoint: "the application's secret and tokens",
  introspection_endpoint: "an API's secret and tokens",
} as const;

/** Hosts of other sites that a provider is known to have endpoints at, by the host of its issuer. */
const known: Readonly<Record<string, readonly string[]>> = {
  'accounts.google.com': ['oauth2.googleapis.com', 'openidconnect.googleapis.com', 'www.googleapis.com'],
  'login.microsoftonline.com': ['graph.microsoft.com'],
};

/**
 * What is secret stays at the site of the issuer. A discovery document may have an endpoint anywhere, and whoever is
 * there is sent it (RFC 9700, section 4.4; OpenID Connect Discovery 1.0, section 7.2).
 */
export const sites: DoctorCheck = {
  id: 'provider.sites',
  title: 'Where secrets go',
  needs: ['provider.discovery'],
  run: async (subject) => {
    const { issuer } = await subject.connection();
    const metadata = (await subject.metadata()) as unknown as Readonly<Record<string, unknown>>;
    const { hostname } = new URL(issuer);
    const found = Object.entries(secretsOf).flatMap(([name, secrets]) => {
      const address = metadata[name];
      const host = typeof address === 'string' && URL.canParse(address) ? new URL(address).hostname : null;
      return host === null || isSameSite(hostname, host) ? [] : [{ name, host, secrets }];
    });
    const others = found.filter(({ host }) => !knownHosts(hostname).includes(host));
    if (others.length === 0) {
      const hosts = [...new Set(found.map(({ host }) => host))];
      return passed(
        hosts.length === 0 ? `to ${hostname}` : `to ${hostname}; ${hosts.join(' and ')} belong to it`,
      );
    }
    const list = others.map(({ name, host, secrets }) => `${secrets} to ${host} (${name})`).join('; ');
    return {
      outcome: 'warning',
      message: `The discovery document has applications send to another site than the issuer's, ${hostname}: ${list}.`,
      hint: 'If the provider documents these addresses, or whoever runs it knows them, nothing is to be done. Else correct the discovery document: whoever is there learns what is sent.',
    };
  },
};

function knownHosts(issuer: string): readonly string[] {
  return Object.hasOwn(known, issuer) ? (known[issuer] ?? []) : [];
}
