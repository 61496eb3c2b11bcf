import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { pathToFileURL } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import { built } from '../support/built.js';
import { ask, say } from './http-client.js';
import { state } from './listener.js';

const program = `
  const { listenForCallback } = await import(process.argv[1]);
  const listener = await listenForCallback({ kind: 'sign-in', redirectUri: 'http://localhost:0/callback' });
  console.log(listener.redirectUri);
  const response = await listener.response(process.argv[2]);
  await response.finish({ outcome: 'signed-in', subject: 's', application: 'a' });
  await listener.close();
  console.log('closed');
`;

it('lets the process end although the browser keeps connections open', async () => {
  const module = pathToFileURL(built('loopback/listen-for-callback.js')).href;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program, module, state], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const exited = once(child, 'exit');
  let output = '';
  child.stdout.on('data', (chunk) => {
    output += chunk;
  });
  while (!output.includes('\n')) await once(child.stdout, 'data');
  const redirectUri = output.trim();
  const port = Number(new URL(redirectUri).port);
  const sockets = await Promise.all([say(port), say(port), say(port, 'GET /callback HTTP/1.1\r\n')]);

  const { headers } = await ask(`${redirectUri}?code=c&state=${state}`);
  const page = await ask(new URL(headers.location ?? '', redirectUri).href);
  expect(page.body).toContain('You are signed in');
  // The connections' own time limit is 10 seconds: the process must not have waited for it.
  const start = performance.now();
  expect(await exited).toEqual([0, null]);
  expect(performance.now() - start).toBeLessThan(5000);
  expect(output).toMatch(/closed\n$/);
  for (const socket of sockets) if (!socket.closed) await once(socket, 'close');
});
