import { LogtoError } from '../../errors.js';
import { isLoopbackHost } from '../../oidc/issuer-url.js';
import { typedIssuer } from '../../profile/typed-address.js';

/**
 * Collects the values of `--allow-origin`: each is one origin, as it is typed or copied out of a message.
 *
 * @throws LogtoError `usage_invalid` for what is more, or no origin that a secret may be sent to
 */
export function collectOrigin(value: string, previous: readonly string[] = []): string[] {
  const address = typedIssuer(value).value.replace(/\/$/, '');
  const url = URL.canParse(address) ? new URL(address) : null;
  const isSafe = url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopbackHost(url.hostname));
  if (url !== null && isSafe && !url.hostname.includes('*') && url.origin === address) {
    return [...previous, url.origin];
  }
  throw new LogtoError(
    'usage_invalid',
    '--allow-origin takes one origin: https://, a host, and a port where it is not 443. No path, no pattern; http: on this machine only.',
    'Give the address where the provider signs people in, such as --allow-origin https://login.example.com',
  );
}
