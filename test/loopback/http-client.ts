import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { type IncomingHttpHeaders, request as requestPlainly } from 'node:http';
import { request as requestSecurely } from 'node:https';
import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { connect as connectSecurely } from 'node:tls';
import { onTestFinished } from 'vitest';
import { certificateFile } from '../support/certificate-files.js';

const ca = readFileSync(certificateFile('authority'));

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

/** Asks for an address on a connection of its own, over TLS as who trusts the authority of the tests. */
export async function ask(url: string, question: Question = {}): Promise<Answer> {
  const { host, hostname, port, pathname, search, protocol } = new URL(url);
  const request = protocol === 'https:' ? requestSecurely : requestPlainly;
  const sent = request({
    ...(protocol === 'https:' && { ca, servername: hostname === 'localhost' ? hostname : '' }),
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

/** The same over TLS, as who trusts the authority of the tests, or nobody. */
export async function saySecurely(
  port: number,
  words = '',
  { address = '127.0.0.1', trusts = true } = {},
): Promise<Socket> {
  const socket = connectSecurely({ host: address, port, servername: 'localhost', ...(trusts && { ca }) });
  onTestFinished(() => void socket.destroy());
  socket.on('error', () => {});
  await Promise.race([once(socket, 'secureConnect'), once(socket, 'close')]);
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
