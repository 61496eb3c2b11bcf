import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { KeyringSession } from './keyring-session.js';

/** A bus that accepts connections and never answers. */
export function startMuteBus(): Promise<KeyringSession> {
  return startFalseBus((socket) => void socket.resume());
}

/** Something else that listens where the bus should be. */
export async function startFalseBus(answer: (socket: Socket) => void): Promise<KeyringSession> {
  const folder = mkdtempSync(join(tmpdir(), 'logto-cli-mute-'));
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    answer(socket);
  });
  server.listen(join(folder, 'bus'));
  await once(server, 'listening');
  return {
    environment: { ...inheritedEnvironment(), DBUS_SESSION_BUS_ADDRESS: `unix:path=${folder}/bus` },
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The environment of this process; the test setup has taken every desktop out of it. */
export function inheritedEnvironment(): Record<string, string> {
  return Object.fromEntries(Object.entries(process.env).filter((entry) => entry[1] !== undefined)) as Record<
    string,
    string
  >;
}
