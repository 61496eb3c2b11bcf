import { LogtoError } from '../errors.js';
import { callbackUri, portOf, problemOfAddress, signedOutUri } from '../local-address.js';
import { shellWord } from '../shell-word.js';
import type { CallbackListenerOptions } from './callback-listener.js';
import { addressesToBind } from './listen-address.js';

/** A redirect URI that this machine can answer. */
export interface LoopbackRedirect {
  readonly url: URL;
  /** The addresses to bind, all of them on one port. */
  readonly addresses: readonly string[];
  /** The port to bind; 0 means any free one. */
  readonly port: number;
}

/**
 * Where to listen for a redirect URI: `localhost` is both loopback addresses, since browsers try either
 * (RFC 8252, section 7.3); a literal address is that one alone.
 *
 * @throws LogtoError `config_invalid`
 */
export function loopbackRedirect(options: CallbackListenerOptions): LoopbackRedirect {
  const redirect = loopbackPlace(options);
  const isSecure = redirect.url.protocol === 'https:';
  if (isSecure === (options.tls !== undefined)) return redirect;
  const { flag, name } = wordsOf[options.kind];
  if (isSecure) {
    throw new LogtoError(
      'config_invalid',
      `The ${name} is ${options.redirectUri}: to answer https: here takes a certificate and its key.`,
      `Add --tls-cert <pem> --tls-key <pem>, a certificate for ${redirect.url.hostname.replace(/[[\]]/g, '')}; ` +
        'logto-cli help flags says how to make one',
    );
  }
  const secure = new URL(redirect.url);
  secure.protocol = 'https:';
  throw new LogtoError(
    'config_invalid',
    `The ${name} is ${options.redirectUri}, and with --tls-cert only https: is answered here.`,
    `Use ${flag} ${shellWord(secure.href)}, or leave out --tls-cert and --tls-key.`,
  );
}

const wordsOf = {
  'sign-in': { flag: '--redirect-uri', name: 'redirect URI', example: callbackUri() },
  'sign-out': {
    flag: '--post-logout-redirect-uri',
    name: 'post sign-out redirect URI',
    example: signedOutUri(),
  },
} as const;

/**
 * The same, whether or not there is what https takes.
 *
 * @throws LogtoError `config_invalid`
 */
export function loopbackPlace({
  kind,
  redirectUri,
  port,
  address,
}: CallbackListenerOptions): LoopbackRedirect {
  const { flag, name, example } = wordsOf[kind];
  const refuse = (problem: string): never => {
    throw new LogtoError(
      'config_invalid',
      `${problem}.`,
      `Use a loopback address, such as ${flag} ${example}`,
    );
  };
  const url = URL.canParse(redirectUri)
    ? new URL(redirectUri)
    : refuse(`The ${name} ${problemOfAddress(redirectUri, 'is not an absolute URL')}`);
  if (!/^https?:$/.test(url.protocol))
    refuse(`The ${name} must be http: or https: to be answered here, not ${url.protocol}`);
  if (url.username !== '' || url.password !== '') refuse(`The ${name} must not hold a user name or password`);
  if (redirectUri.includes('#')) refuse(`The ${name} must not have a fragment (RFC 6749, section 3.1.2)`);
  const ofHost =
    loopbackAddresses(url.hostname) ?? refuse(`The ${name}'s host is not loopback: ${url.hostname}`);
  if (port !== undefined && !(Number.isInteger(port) && port >= 0 && port <= 65_535)) {
    throw new LogtoError(
      'config_invalid',
      `There is no port ${port}.`,
      'Use --port with a number from 0 to 65535',
    );
  }
  return { url, addresses: addressesToBind(ofHost, address), port: port ?? Number(portOf(redirectUri)) };
}

function loopbackAddresses(hostname: string): readonly string[] | null {
  if (hostname === 'localhost') return ['127.0.0.1', '::1'];
  if (hostname === '[::1]') return ['::1'];
  // The URL parser has already turned every spelling of an IPv4 address into four decimal numbers.
  return /^127\.\d+\.\d+\.\d+$/.test(hostname) ? [hostname] : null;
}
