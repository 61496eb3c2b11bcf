import { onApplication } from '../logto-console.js';
import { type NamedBy, worded } from '../wording.js';
import { describeBody } from './http-answer.js';
import { documentUrl, type ProviderPlace } from './issuer-url.js';

/** A provider, where it is asked for, and by what it is set. */
interface AskedProvider extends ProviderPlace {
  readonly namedBy?: NamedBy | undefined;
}

/** What to do about the address of a provider, where it is the address that is wrong. */
export function addressHint({ namedBy, discoveryUrl }: AskedProvider): string {
  if (discoveryUrl !== undefined)
    return 'Check --discovery-url: it is the whole address of the discovery document.';
  return worded(
    {
      general:
        'Check --issuer: give it exactly as the provider does. Often it has a path, such as that of a realm or a tenant.',
      logto:
        `Check --endpoint: it takes the "Logto endpoint" of ${onApplication('Endpoints & Credentials')}, without ` +
        '/oidc. A provider that is no Logto is set by --issuer.',
    },
    namedBy,
  );
}

/**
 * What to do where an answer is no discovery document: a status, a page, or anything else.
 *
 * @param asked whose it was to be
 */
export function answerHint(status: number, text: string, asked: AskedProvider): string {
  const [address, url] = [addressHint(asked), documentUrl(asked)];
  if (status === 401 || status === 403) {
    return (
      `Something before the provider refuses, or wants a sign-in first: ${url} has to be open to everybody. Let it ` +
      `through at the gateway or firewall, and look at HTTPS_PROXY and NO_PROXY. If nothing stands there: ${address}`
    );
  }
  if (status === 404 || status === 410) {
    const isElsewhere = asked.discoveryUrl === undefined && asked.namedBy !== 'endpoint';
    return (
      `${address} ${isElsewhere ? 'Where its document is elsewhere, say where: --discovery-url <url>. ' : ''}A server that has only /.well-known/oauth-authorization-server (RFC 8414) signs nobody in: it speaks ` +
      'OAuth 2.0 alone.'
    );
  }
  if (describeBody(text) === 'an HTML page') {
    return (
      `A page is there instead: of the application itself, of a sign-in, or of the network (a captive portal). Open ${url}: ` +
      `JSON with "issuer" is right. If the page is that of the network, sign in to it, or set NO_PROXY. Else: ${address}`
    );
  }
  return `Open ${url}: it must answer with JSON that has "issuer". ${address}`;
}

/** For a document that somebody made wrongly: no setting here helps. */
export function documentHint(field: string): string {
  return `The provider's document is wrong: whoever runs the provider has to correct ${field} there.`;
}

/** For an https provider that names http addresses of its own. */
export function proxyHint(namedBy: NamedBy | undefined): string {
  return worded(
    {
      general:
        'The provider takes its own address for http: it stands behind a proxy that ends TLS. Let the proxy pass ' +
        'X-Forwarded-Proto: https (and the Host), and the provider trust that.',
      logto:
        'Logto takes its own address for http: it stands behind a proxy that ends TLS. Start it with ' +
        'TRUST_PROXY_HEADER=1, let the proxy pass X-Forwarded-Proto: https, and set ENDPOINT to the https address.',
    },
    namedBy,
  );
}

/** Where Logto is told by which address it is reached, which is what its issuer is made of. */
export function ownAddressHint(expected: string, namedBy: NamedBy | undefined): string {
  const endpoint = expected.endsWith('/oidc') ? expected.slice(0, -'/oidc'.length) : expected;
  return worded(
    {
      general:
        `The provider (its own public address, often called hostname or base URL), or a proxy before it, has to say ` +
        `${expected} there; no setting here helps.`,
      logto: `Set ENDPOINT of Logto to ${endpoint} and start it again, or give the endpoint that it has now.`,
    },
    namedBy,
  );
}
