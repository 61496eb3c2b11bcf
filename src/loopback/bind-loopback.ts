import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { LogtoError } from '../errors.js';
import { portHolder } from './port-holder.js';

/** Servers that listen on one port, each on an address of its own. */
export interface BoundServers {
  readonly servers: readonly Server[];
  readonly port: number;
}

interface BindFailure {
  readonly error: NodeJS.ErrnoException;
  readonly address: string;
  readonly port: number;
}

/** How often another free port is tried when the one that is free on one address is taken on the other. */
const freePortAttempts = 20;

/**
 * Binds every address on one port, or none: nothing stays open after a failure. Where there are several addresses,
 * a family that this machine lacks is skipped.
 *
 * @param addresses loopback addresses
 * @param port 0 means any one that is free on all of them
 * @param create makes one server, not yet listening
 * @throws LogtoError `port_in_use`, `config_invalid`
 */
export async function bindLoopback(
  addresses: readonly string[],
  port: number,
  create: () => Server,
): Promise<BoundServers> {
  for (let attempt = 1; ; attempt++) {
    const servers: Server[] = [];
    const failure = await listenOnAll(addresses, port, create, servers);
    const [first] = servers;
    if (failure === null && first !== undefined) return { servers, port: portOf(first) };
    await closeServers(servers);
    const isTaken = failure?.error.code === 'EADDRINUSE';
    const mayTryAnother = port === 0 && isTaken && attempt < freePortAttempts;
    if (failure !== null && !mayTryAnother) throw await explain(failure);
  }
}

/** Closes servers at once: connections that are idle, kept alive or half open do not hold them. */
export async function closeServers(servers: readonly Server[]): Promise<void> {
  await Promise.all(
    servers.map((server) => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      return closed;
    }),
  );
}

/** Adds to `servers` what listens. Answers with the failure that forbids going on, or `null`. */
async function listenOnAll(
  addresses: readonly string[],
  wantedPort: number,
  create: () => Server,
  servers: Server[],
): Promise<BindFailure | null> {
  let absent: BindFailure | null = null;
  for (const address of addresses) {
    const server = create();
    const port = servers[0] === undefined ? wantedPort : portOf(servers[0]);
    try {
      const listening = once(server, 'listening');
      server.listen({ host: address, port, ipv6Only: true });
      await listening;
      servers.push(server);
    } catch (thrown) {
      const failure = { error: thrown as NodeJS.ErrnoException, address, port };
      if (!isAbsent(failure.error)) return failure;
      absent = failure;
    }
  }
  return servers.length === 0 ? absent : null;
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

function isAbsent(error: NodeJS.ErrnoException): boolean {
  return error.code === 'EADDRNOTAVAIL' || error.code === 'EAFNOSUPPORT';
}

async function explain({ error, address, port }: BindFailure): Promise<LogtoError> {
  const where = address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
  if (error.code === 'EADDRINUSE') {
    const holder = portHolder(address, port);
    const by = holder === null ? 'another process' : `process ${holder.pid} (${holder.command})`;
    return new LogtoError(
      'port_in_use',
      `Port ${port} cannot be used for the callback: ${where} is held by ${by}.`,
      `End that process (this shows it: ${holderCommand(port)}), or choose another port with --port <n>: ` +
        'any port works for Native applications on Logto; others must register that URI',
      { port, address, ...(holder === null ? {} : { pid: holder.pid, command: holder.command }) },
    );
  }
  if (isAbsent(error)) {
    return new LogtoError(
      'config_invalid',
      `This machine has no address ${address} to listen on.`,
      'Use a redirect URI on http://localhost: it listens on the loopback addresses that this machine has',
      { port, address },
    );
  }
  const denied = error.code === 'EACCES';
  return new LogtoError(
    'config_invalid',
    denied
      ? `This user may not listen on ${where}.`
      : `Cannot listen on ${where} (${error.code ?? 'unknown'}).`,
    'Choose a port from 1024 up with --port <n>',
    { port, address },
  );
}

function holderCommand(port: number): string {
  if (process.platform === 'win32') return `netstat -ano | findstr :${port}`;
  if (process.platform === 'linux') return `ss -ltnp 'sport = :${port}'`;
  return `lsof -nP -iTCP:${port} -sTCP:LISTEN`;
}
