import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { LogtoError } from '../../../errors.js';
import { bindLoopback } from '../../../loopback/bind-loopback.js';
import { loopbackPlace } from '../../../loopback/loopback-redirect.js';
import { passed, resultOf } from '../../run/check-results.js';
import type { DoctorCheck } from '../doctor-check.js';

/** The callback of a sign-in can be listened for on every loopback address that a browser may try. */
export const callbackPort: DoctorCheck = {
  id: 'machine.callback-port',
  title: 'Callback port',
  run: async (subject) => {
    const { device, port: listenOn } = subject.signIn;
    const redirectUri = await subject.redirectUri();
    if (device) return passed('not needed: the device flow has no callback');
    const options = {
      kind: 'sign-in' as const,
      redirectUri,
      ...(listenOn !== undefined && { port: listenOn }),
    };
    const { url, addresses, port } = loopbackPlace(options);
    const { free, held } = await tryAddresses(addresses, port);
    const [first] = held;
    if (first !== undefined) {
      return { ...resultOf(first), message: held.map(({ message }) => message).join(' ') };
    }
    const found = port === 0 ? 'any free port will do' : `${free.join(' and ')} free`;
    const isSecure = url.protocol === 'https:';
    return passed(isSecure ? `${found}; to answer https:, sign-in takes --tls-cert and --tls-key` : found);
  },
};

/** Which addresses can be bound, and why others cannot; a family that this machine lacks is neither. */
async function tryAddresses(
  addresses: readonly string[],
  port: number,
): Promise<{ readonly free: readonly string[]; readonly held: readonly LogtoError[] }> {
  const all = await bind(addresses, port);
  if (!(all instanceof LogtoError)) return { free: all, held: [] };
  // It named the first that is held only; each may be held by another process.
  const each = await Promise.all(addresses.map((address) => bind([address], port)));
  const held = each.filter((result) => result instanceof LogtoError && result.code === 'port_in_use');
  return { free: [], held: held.length > 0 ? (held as LogtoError[]) : [all] };
}

/** The addresses that could be bound, as `127.0.0.1:3000`; nothing stays bound. */
async function bind(addresses: readonly string[], port: number): Promise<string[] | LogtoError> {
  try {
    const { servers, close } = await bindLoopback(addresses, port, () => createServer());
    const bound = servers.map((server) => server.address() as AddressInfo);
    await close();
    return bound.map(({ address }) =>
      address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`,
    );
  } catch (error) {
    if (error instanceof LogtoError) return error;
    throw error;
  }
}
