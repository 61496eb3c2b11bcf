import type { Socket } from 'node:net';

/** How long a new connection has, in milliseconds, to say something before it may be ended for newer ones. */
const graceMilliseconds = 250;

/**
 * Keeps the number of open connections bounded by ending the oldest ones, so that sockets which say nothing, or say it
 * slowly, never keep a new one from being heard. For a moment there may be twice as many as the limit: a whole crowd
 * comes in one turn of the event loop, and must not push out the one among them whose request is on its way.
 */
export class ConnectionLimit {
  /** Every open connection, the oldest first, and when it came. */
  readonly #sockets = new Map<Socket, number>();
  readonly #kept = new WeakSet<Socket>();
  #timer: NodeJS.Timeout | null = null;

  constructor(readonly limit: number) {}

  add(socket: Socket): void {
    this.#sockets.set(socket, performance.now());
    socket.once('close', () => this.#sockets.delete(socket));
    this.#endOldest();
  }

  /**
   * Spares this connection: somebody waits on it for an answer. Over TLS that is told by another socket than the one that
   * was added, with the same other end.
   */
  keep(socket: Socket): void {
    for (const added of this.#sockets.keys()) {
      if (added === socket || hasSameEnd(added, socket)) this.#kept.add(added);
    }
  }

  #endOldest(): void {
    for (const [socket, since] of this.#sockets) {
      const isYoung = performance.now() - since < graceMilliseconds;
      if (this.#sockets.size <= (isYoung ? this.limit * 2 : this.limit)) break;
      if (this.#kept.has(socket)) continue;
      this.#sockets.delete(socket);
      socket.destroy();
    }
    if (this.#sockets.size <= this.limit) return;
    this.#timer ??= setTimeout(() => {
      this.#timer = null;
      this.#endOldest();
    }, graceMilliseconds).unref();
  }
}

function hasSameEnd(one: Socket, other: Socket): boolean {
  return (
    one.remotePort !== undefined &&
    one.remotePort === other.remotePort &&
    one.remoteAddress === other.remoteAddress
  );
}
