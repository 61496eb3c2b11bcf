import { LogtoError } from '../errors.js';
import { isLoopbackAddress } from '../local-address.js';
import { portHolder } from './port-holder.js';

/** Why an address and port could not be listened on. */
export interface BindFailure {
  readonly error: NodeJS.ErrnoException;
  readonly address: string;
  readonly port: number;
}

/** Ports below need a privilege where the system knows that idea; Windows does not. */
const firstUnprivilegedPort = 1024;

const anyPort = 'many providers take any port from native applications; the others want that URI registered';
const anotherPort = `choose another port with --port <n>: ${anyPort}`;

/** Whether this machine lacks the address, or its whole family. */
export function isAbsent({ error: { code } }: BindFailure): boolean {
  return code === 'EADDRNOTAVAIL' || code === 'EAFNOSUPPORT';
}

/**
 * Names why it failed: `port_in_use` where somebody holds the port (`EADDRINUSE`), else `config_invalid`.
 *
 * @param platform Default: this one
 */
export function bindError(failure: BindFailure, platform: NodeJS.Platform = process.platform): LogtoError {
  const { error, address, port } = failure;
  const where = address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
  if (error.code === 'EADDRINUSE') {
    const holder = portHolder(address, port);
    const by = holder === null ? 'another process' : `process ${holder.pid} (${holder.command})`;
    return new LogtoError(
      'port_in_use',
      `Port ${port} cannot be used for the callback: ${where} is held by ${by}.`,
      `End that process (this shows it: ${holderCommand(port, platform)}), or ${anotherPort}`,
      { port, address, ...(holder === null ? {} : { pid: holder.pid, command: holder.command }) },
    );
  }
  const [message, hint] = isAbsent(failure)
    ? [
        `This machine has no address ${address} to listen on.`,
        isLoopbackAddress(address)
          ? 'Use a redirect URI on http://localhost: it listens on the loopback addresses that this machine has'
          : 'Name one that it has (--listen), or 0.0.0.0 for all of them',
      ]
    : refusal(error.code ?? 'unknown', port, where, platform);
  return new LogtoError('config_invalid', message, hint, { port, address });
}

function refusal(code: string, port: number, where: string, platform: NodeJS.Platform): [string, string] {
  const isDenied = code === 'EACCES' || code === 'EPERM';
  if (isDenied && platform === 'win32') {
    return [
      `Windows does not let programs listen on ${where} (${code}): the port is in a reserved range, or a program holds it for itself alone.`,
      `See the reserved ranges with: netsh interface ipv4 show excludedportrange protocol=tcp. Then ${anotherPort}`,
    ];
  }
  if (isDenied && port > 0 && port < firstUnprivilegedPort) {
    return [
      `This user may not listen on ${where}.`,
      `Choose a port from ${firstUnprivilegedPort} up with --port <n>: ${anyPort}`,
    ];
  }
  if (isDenied) {
    const ask =
      platform === 'linux'
        ? 'sysctl net.ipv4.ip_unprivileged_port_start tells the first port that users may have; a sandbox or SELinux may forbid more'
        : 'a sandbox or a security program may forbid it';
    return [
      `This system does not let this program listen on ${where} (${code}): the port is reserved, or listening is forbidden.`,
      `Find out what reserves it (${ask}), or ${anotherPort}`,
    ];
  }
  if (code === 'EMFILE' || code === 'ENFILE') {
    return [
      `Cannot listen on ${where} (${code}): too many files and connections are open.`,
      'End programs that hold many of them, or raise the limit (ulimit -n), and try again',
    ];
  }
  return [`Cannot listen on ${where} (${code}).`, `Try again, or ${anotherPort}`];
}

function holderCommand(port: number, platform: NodeJS.Platform): string {
  if (platform === 'win32') return `netstat -ano | findstr :${port}`;
  if (platform === 'linux') return `ss -ltnp 'sport = :${port}'`;
  return `lsof -nP -iTCP:${port} -sTCP:LISTEN`;
}
