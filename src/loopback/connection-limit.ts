import type { Socket } from 'node:net';

/**
 * Keeps the number of open connections bounded by ending the oldest one, so that sockets which say nothing, or say it
 * slowly, never keep a new one from being heard.
 */
export class ConnectionLimit {
  readonly #sockets = new Set<Socket>();
  readonly #kept = new WeakSet<Socket>();

  constructor(readonly limit: number) {}

  add(socket: Socket): void {
    this.#sockets.add(socket);
    socket.once('close', () => this.#sockets.delete(socket));
    if (this.#sockets.size <= this.limit) return;
    for (const oldest of this.#sockets) {
      if (this.#kept.has(oldest)) continue;
      this.#sockets.delete(oldest);
      oldest.destroy();
      return;
    }
  }

  /** Spares this connection: somebody waits on it for an answer. */
  keep(socket: Socket): void {
    this.#kept.add(socket);
  }
}
