import { execFile } from 'node:child_process';
import { createServer } from 'node:net';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import { built } from '../support/built.js';
import { certificateFile } from '../support/certificate-files.js';
import { listenOnLoopback } from '../support/local-server.js';
import { startRecordingProxy } from '../support/recording-proxy.js';
import { get, serve } from './local-fetch.js';

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

describe('the time limit', () => {
  it('is not spent on a connection that the caller no longer wants', async () => {
    const server = createServer((socket) => socket.on('error', () => {}));
    const port = await listenOnLoopback(server);
    cleanups.push(async () => server.close());
    const started = Date.now();
    const controller = new AbortController();
    setTimeout(() => controller.abort(new Error('enough')), 100);
    await expect(get(`https://127.0.0.1:${port}`, {}, controller.signal)).rejects.toThrow('enough');
    expect(Date.now() - started).toBeLessThan(5000);
  });
});

describe('the process', () => {
  it('ends at once with its connections idle, through a proxy too', async () => {
    const secure = await serve((_, response) => response.end(), 'elsewhere');
    const plain = await serve((_, response) => response.end());
    plain.server.keepAliveTimeout = secure.server.keepAliveTimeout = 60_000;
    const proxy = await startRecordingProxy(secure.port);
    cleanups.push(proxy.close);
    const script = `
      import { createFetch } from ${JSON.stringify(pathToFileURL(built('network/create-fetch.js')).href)};
      const fetch = await createFetch({
        environment: { HTTPS_PROXY: ${JSON.stringify(proxy.url)} },
        caFile: ${JSON.stringify(certificateFile('authority'))},
      });
      await fetch(${JSON.stringify(plain.origin)});
      await fetch('https://elsewhere.test/');
      process.stdout.write(String(Date.now()));
    `;
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script]);
    // Undici would let go of its idle connections after 4 seconds.
    expect(Date.now() - Number(stdout)).toBeLessThan(3000);
  });
});
