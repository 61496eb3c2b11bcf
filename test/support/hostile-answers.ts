import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import type { Answer, Answering } from './lies.js';

/** Sends the beginning of a JSON body, and then a space now and then, for ever. */
export const dripping: Answering = (_, response) => {
  response.writeHead(200, { 'Content-Type': 'application/json' }).write('{"a":');
  const timer = setInterval(() => response.write(' '), 20);
  response.on('close', () => clearInterval(timer));
  return 'handled';
};

/** Sends the beginning of a body, and nothing more. */
export const stalling: Answering = (_, response) => {
  response.writeHead(200, { 'Content-Type': 'application/json' }).write('{"a":');
  return 'handled';
};

/** Takes the request and says nothing. */
export const silent: Answering = () => 'handled';

/** Promises more than it sends before it hangs up. */
export const truncated: Answering = ({ step }, response) => {
  response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': 1000 });
  response.write(`{"step":"${step}"`, () => response.socket?.end());
  return 'handled';
};

/** Sends a body without end, as fast as it is read. */
export const endless: Answering = (_, response) => {
  response.writeHead(200, { 'Content-Type': 'application/json' });
  const chunk = Buffer.alloc(65_536, ' ');
  const more = () => {
    while (!response.destroyed && response.write(chunk));
  };
  response.on('drain', more);
  more();
  return 'handled';
};

/** 20 MB that are some kilobytes on the way. */
const bombs = {
  gzip: gzipSync(Buffer.alloc(20_000_000)),
  deflate: deflateSync(Buffer.alloc(20_000_000)),
  br: brotliCompressSync(Buffer.alloc(20_000_000)),
};

/** A body that is much more than it seems. */
export function bomb(encoding: keyof typeof bombs): Answer {
  return { headers: { 'Content-Encoding': encoding }, body: bombs[encoding] };
}

/** Sends a step elsewhere. */
export function redirectTo(location: string, status = 302): Answer {
  return { status, headers: { Location: location } };
}
