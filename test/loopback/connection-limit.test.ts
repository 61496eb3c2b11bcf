import { Socket } from 'node:net';
import { expect, it, onTestFinished, vi } from 'vitest';
import { ConnectionLimit } from '../../src/loopback/connection-limit.js';

function crowd(limit: ConnectionLimit, count: number): Socket[] {
  return Array.from({ length: count }, () => {
    const socket = new Socket();
    limit.add(socket);
    return socket;
  });
}

const openOf = (sockets: readonly Socket[]) => sockets.map((socket) => !socket.destroyed);

it('ends the oldest connections when there are too many', () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const limit = new ConnectionLimit(3);
  const sockets = crowd(limit, 3);
  vi.advanceTimersByTime(1000);
  const later = crowd(limit, 2);
  expect(openOf([...sockets, ...later])).toEqual([false, false, true, true, true]);
});

it('lets a crowd that comes at once say something first, up to twice as many', () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const sockets = crowd(new ConnectionLimit(3), 7);
  expect(openOf(sockets)).toEqual([false, true, true, true, true, true, true]);
  vi.advanceTimersByTime(251);
  expect(openOf(sockets)).toEqual([false, false, false, false, true, true, true]);
});

it('spares the one that somebody waits on', () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const limit = new ConnectionLimit(2);
  const [waited, ...others] = crowd(limit, 2);
  if (waited) limit.keep(waited);
  const more = crowd(limit, 4);
  vi.advanceTimersByTime(251);
  expect(openOf([waited as Socket, ...others, ...more])).toEqual([true, false, false, false, false, true]);
});

it('spares it by its other end, where another socket speaks for it', () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const limit = new ConnectionLimit(2);
  const sockets = crowd(limit, 2);
  for (const [index, socket] of sockets.entries())
    Object.defineProperties(socket, {
      remoteAddress: { value: '::1' },
      remotePort: { value: 40_000 + index },
    });
  const speaking = new Socket();
  Object.defineProperties(speaking, { remoteAddress: { value: '::1' }, remotePort: { value: 40_000 } });
  limit.keep(speaking);
  const more = crowd(limit, 4);
  vi.advanceTimersByTime(251);
  expect(openOf([...sockets, ...more])).toEqual([true, false, false, false, false, true]);
});

it('forgets those that have ended', async () => {
  const limit = new ConnectionLimit(2);
  const [first, second] = crowd(limit, 2);
  first?.destroy();
  await new Promise((resolve) => first?.once('close', resolve));
  const [third] = crowd(limit, 1);
  expect([second?.destroyed, third?.destroyed]).toEqual([false, false]);
});
