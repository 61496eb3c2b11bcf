import { isIP, isIPv4 } from 'node:net';
import { LogtoError } from '../errors.js';
import { isLoopbackAddress } from '../local-address.js';
import { shellWord } from '../shell-word.js';

const both = ['127.0.0.1', '::1'] as const;

/**
 * The address that `--listen` means, as systems know it: an IP address, or `localhost`, which is both loopback addresses.
 *
 * @throws LogtoError `config_invalid` for any other name, and for an address with a port
 */
export function listenAddress(typed: string): string {
  const text = typed.trim().toLowerCase();
  const bare = text.replace(/^\[(.*)\]$/, '$1');
  if (bare === 'localhost' || isIPv4(bare)) return bare;
  // A zone is no part of what a URL takes.
  if (isIP(bare) !== 0) return bare.includes('%') ? bare : new URL(`http://[${bare}]`).hostname.slice(1, -1);
  const [, address = '', port] = /^(.*[^:]|\[.*\]):(\d{1,5})$/.exec(text) ?? [];
  const withoutPort = address.replace(/^\[|\]$/g, '');
  const hasPort = withoutPort === 'localhost' || isIP(withoutPort) !== 0;
  throw new LogtoError(
    'config_invalid',
    hasPort ? '--listen takes an address without a port.' : '--listen takes an IP address of this machine.',
    hasPort
      ? `Use --listen ${shellWord(withoutPort)} --port ${port}`
      : 'Use one such as --listen 127.0.0.1, or 0.0.0.0 for all of them; of the names only localhost is taken, which is 127.0.0.1 and ::1.',
  );
}

/**
 * The addresses to bind where somebody chose one. A loopback address is that one alone. Any other is bound beside those
 * of the redirect URI's host: a browser of this machine goes to these, and would bring the response to whoever has them.
 * `::` is every address of either family, as most programs have it.
 *
 * @param ofHost those of the redirect URI's host
 * @param chosen as {@link listenAddress} makes it
 */
export function addressesToBind(ofHost: readonly string[], chosen: string | undefined): readonly string[] {
  if (chosen === undefined) return ofHost;
  if (chosen === 'localhost') return both;
  if (isLoopbackAddress(chosen)) return [chosen];
  const all = chosen === '::' ? ['0.0.0.0', '::'] : [chosen];
  return [...all, ...ofHost.filter((address) => !all.includes(isIPv4(address) ? '0.0.0.0' : '::'))];
}
