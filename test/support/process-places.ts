import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/** Places for processes, which all workers of a test run share. */
export interface ProcessPlaces {
  /** Where they are asked for. */
  readonly socket: string;
  /** How many there are. */
  readonly count: number;
}

/**
 * Hands out places at a socket, in the order in which they are asked for: who wants several gets all of them at once, so
 * that nobody waits for more while holding some. A place is held by a connection; when its owner dies, it is free again.
 *
 * @returns ends it
 */
export async function servePlaces({ socket, count }: ProcessPlaces): Promise<() => Promise<void>> {
  let free = count;
  const waiting: { readonly asker: Socket; readonly wanted: number }[] = [];
  const connections = new Set<Socket>();
  const handOut = () => {
    for (let first = waiting[0]; first !== undefined && first.wanted <= free; first = waiting[0]) {
      const { asker, wanted } = first;
      waiting.shift();
      free -= wanted;
      asker.once('close', () => {
        free += wanted;
        handOut();
      });
      asker.write('yours\n');
    }
  };
  const server = createServer((asker) => {
    connections.add(asker);
    // Its end is what counts, and follows.
    asker.on('error', () => {});
    asker.once('data', (wanted) => {
      waiting.push({ asker, wanted: Number(wanted) });
      handOut();
    });
    asker.once('close', () => {
      connections.delete(asker);
      const index = waiting.findIndex((one) => one.asker === asker);
      if (index < 0) return;
      waiting.splice(index, 1);
      handOut();
    });
  });
  server.listen(socket);
  await once(server, 'listening');
  return async () => {
    server.close();
    for (const connection of connections) connection.destroy();
    await once(server, 'close');
  };
}

/**
 * Waits for places.
 *
 * @returns gives them back
 */
export async function takePlaces({ socket, count }: ProcessPlaces, wanted: number): Promise<() => void> {
  if (wanted > count) {
    throw new Error(
      `npm test starts ${count} processes at once at most, not ${wanted}: it is a test for *.stress.test.ts`,
    );
  }
  const connection = connect(socket);
  connection.write(String(wanted));
  const [answer] = await Promise.race([once(connection, 'data'), once(connection, 'close')]);
  if (!Buffer.isBuffer(answer)) throw new Error('whoever hands out the places for processes has ended');
  return () => connection.destroy();
}
