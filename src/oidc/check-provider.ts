import { LogtoError } from '../errors.js';
import { shellWord } from '../shell-word.js';
import { hasBraces, isTemplate, namesIn } from './issuer-template.js';
import {
  checkAddress,
  invalidIssuer,
  invalidPlace,
  isLoopbackHost,
  type ProviderPlace,
} from './issuer-url.js';

/**
 * An issuer that can be trusted to be asked (OpenID Connect Discovery 1.0, section 3): `https:` without query and
 * fragment, or `http:` on a loopback host.
 *
 * @throws LogtoError `config_invalid`, `issuer_insecure`
 */
export function checkIssuer(issuer: string): URL {
  return checkProvider({ issuer });
}

/**
 * An issuer, and the place of its document where that is said: both as {@link checkIssuer} has it, but that the address of
 * a document may have a query.
 *
 * @returns the issuer
 * @throws LogtoError `config_invalid`, `issuer_insecure`
 */
export function checkProvider({ issuer, discoveryUrl }: ProviderPlace): URL {
  const url = checkAddress(issuer);
  if (/[?#]/.test(issuer)) throw invalidIssuer('has a query or a fragment', issuerBehind(url));
  if (hasBraces(issuer)) checkTemplate(issuer, discoveryUrl);
  if (discoveryUrl !== undefined) {
    const { hash } = checkAddress(discoveryUrl, invalidPlace);
    if (hash !== '') throw invalidPlace('has a fragment');
    if (hasBraces(discoveryUrl))
      throw invalidPlace('is a template, and there is one document for all tenants');
    checkEncrypted(new URL(discoveryUrl));
  }
  checkEncrypted(url);
  return url;
}

function checkEncrypted({ protocol, hostname, host, origin }: URL): void {
  if (protocol !== 'http:' || isLoopbackHost(hostname)) return;
  throw new LogtoError(
    'issuer_insecure',
    `${origin} is asked without TLS, and is not this machine.`,
    `Use ${shellWord(`https://${host}`)} instead; http: is only for localhost, 127.0.0.0/8 and [::1].`,
  );
}

function checkTemplate(issuer: string, discoveryUrl: string | undefined): void {
  if (!isTemplate(issuer)) {
    throw new LogtoError(
      'config_invalid',
      'The issuer has braces, and is no template: in one, {name} stands for a whole segment of the path.',
      'Give --issuer as the discovery document has it, such as https://id.example.com/{tenantid}/v2.0',
    );
  }
  if (discoveryUrl !== undefined) return;
  const names = namesIn(issuer).map((name) => `{${name}}`);
  throw new LogtoError(
    'config_invalid',
    `The issuer is a template (${names.join(', ')}), and nothing says where its discovery document is.`,
    `Say where, with --discovery-url <url> (LOGTO_CLI_DISCOVERY_URL); or put the ID of your tenant in the place of ${names[0]}.`,
  );
}

/** The issuer that an address with a query may be of: what stands before its discovery document or its page. */
function issuerBehind({ origin, pathname }: URL): string | null {
  const tails = [/\/\.well-known\/openid-configuration$/, /\/(oauth2?\/)?(v\d(\.\d)?\/)?(authorize|auth)$/];
  const tail = tails.find((pattern) => pattern.test(pathname));
  return tail === undefined ? null : `${origin}${pathname.replace(tail, '')}`;
}
