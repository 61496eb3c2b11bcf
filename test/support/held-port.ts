import { createServer } from 'node:net';
import { onTestFinished } from 'vitest';

/** Has a port of one loopback address, and only there, until the test that runs has ended: somebody else's server. */
export async function holdPort(port: number, host: '127.0.0.1' | '::1' = '127.0.0.1'): Promise<void> {
  const holder = createServer();
  await new Promise<void>((resolve, reject) => {
    holder.once('error', reject);
    holder.listen({ port, host, ipv6Only: true }, resolve);
  });
  onTestFinished(() => new Promise((resolve) => holder.close(() => resolve())));
}
