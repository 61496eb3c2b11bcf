import { LogtoError } from '../errors.js';

/** Variables of the process, by name. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The proxy that requests to this address go through, as `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY` say (lower case
 * wins); `null` for none. Loopback hosts are never asked for through a proxy: there they would be the proxy's own.
 *
 * `NO_PROXY` holds names (subdomains included), addresses and address ranges, each with an optional port, or `*`.
 *
 * @throws LogtoError `config_invalid` when the variable is not the address of an http(s) proxy; nothing of it is told
 */
export function proxyFor(target: URL, environment: Environment): URL | null {
  const name = proxyVariable(target, environment);
  const value = (environment[name] ?? '').trim();
  if (value === '' || isLoopback(target.hostname)) return null;
  if (isExcepted(target, (environment['no_proxy'] ?? environment['NO_PROXY'] ?? '').trim())) return null;
  const address = value.includes('://') ? value : `http://${value}`;
  const proxy = URL.canParse(address) ? new URL(address) : null;
  if (proxy === null || !/^https?:$/.test(proxy.protocol)) {
    throw new LogtoError(
      'config_invalid',
      `The variable ${name} is not the address of an http(s) proxy.`,
      `Set ${name} to an address such as http://proxy.example.com:8080, or unset it. ${escaping}`,
    );
  }
  if (isTornApart(proxy)) {
    throw new LogtoError(
      'config_invalid',
      `The user name or password in the variable ${name} is not percent-encoded.`,
      `Write ${name} as http://user:password@proxy.example.com:8080. ${escaping}`,
    );
  }
  return proxy;
}

const escaping =
  'In a user name or password / is written %2F, ? is %3F, # is %23, @ is %40, : is %3A and % is %25.';

/** The name of the variable that says which proxy requests to this address go through: lower case wins. */
export function proxyVariable(target: URL, environment: Environment): string {
  const name = target.protocol === 'https:' ? 'https_proxy' : 'http_proxy';
  return environment[name] === undefined ? name.toUpperCase() : name;
}

/** Whether a character of the password ended it too early, so that its rest stands elsewhere, or it cannot be decoded. */
function isTornApart({ username, password, pathname, search, hash }: URL): boolean {
  if (`${pathname}${search}${hash}`.includes('@')) return true;
  try {
    decodeURIComponent(`${username}:${password}`);
    return false;
  } catch {
    return true;
  }
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d+){3}$/.test(hostname);
}

function isExcepted(target: URL, exceptions: string): boolean {
  const host = bare(target.hostname);
  const port = target.port || (target.protocol === 'https:' ? '443' : '80');
  return exceptions
    .toLowerCase()
    .split(/[,\s]+/)
    .filter((entry) => entry !== '')
    .some((entry) => {
      const [, name = entry, entryPort] = /^(\[.*\]|[^:]*):(\d+)$/.exec(entry) ?? [];
      return (entryPort === undefined || entryPort === port) && covers(bare(name), host);
    });
}

function covers(entry: string, host: string): boolean {
  if (entry === '*') return true;
  const [, network, bits] = /^(.*)\/(\d+)$/.exec(entry) ?? [];
  if (network !== undefined) {
    // Hardly anybody names a range, and what tells whether an address is in one is loaded when it is asked for.
    const { BlockList, isIP } = process.getBuiltinModule('node:net');
    const family = isIP(host) === 6 ? 'ipv6' : 'ipv4';
    if (isIP(host) === 0 || isIP(network) !== isIP(host) || Number(bits) > (family === 'ipv6' ? 128 : 32)) {
      return false;
    }
    const range = new BlockList();
    range.addSubnet(network, Number(bits), family);
    return range.check(host, family);
  }
  const name = entry.replace(/^\*?\./, '');
  return name !== '' && (host === name || host.endsWith(`.${name}`));
}

function bare(host: string): string {
  return host.replace(/^\[(.*)\]$/, '$1');
}
