import { once } from 'node:events';
import { type IncomingHttpHeaders, request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';

/** What came back for one request; redirects are not followed. */
export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface Question {
  readonly method?: string;
  /** `Host` is the address's own unless it is here. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Connect here, whatever the address says. */
  readonly address?: string;
  readonly port?: number;
  readonly signal?: AbortSignal;
}

/** Asks for an address on a connection of its own. */
export async function ask(url: string, question: Question = {}): Promise<Answer> {
  const { host, hostname, port, pathname, search } = new URL(url);
  const sent = request({
    host: question.address ?? hostname.replace(/[[\]]/g, ''),
    port: question.port ?? port,
    path: pathname + search,
    method: question.method ?? 'GET',
    headers: { host, ...question.headers },
    agent: false,
    ...(question.signal && { signal: question.signal }),
  }).end();
  const [response] = await once(sent, 'response');
  return { status: response.statusCode, headers: response.headers, body: await text(response) };
}

/** Opens a connection and says this much on it. It ends with the test. */
export async function say(port: number, words = '', address = '127.0.0.1'): Promise<Socket> {
  const socket = connect({ host: address, port });
  onTestFinished(() => void socket.destroy());
  // A test that wants to know how the connection ended listens for that itself.
  socket.on('error', () => {});
  await once(socket, 'connect');
  if (words !== '') socket.write(words);
  return socket;
}

/** Everything that is heard on this connection until it ends. */
export async function hear(socket: Socket): Promise<string> {
  let heard = '';
  socket.on('data', (chunk) => {
    heard += chunk;
  });
  await once(socket, 'close');
  return heard;
}
