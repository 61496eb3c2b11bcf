import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { defaultSeed, followSignIn, startEmulator } from '../../dist/testing.js';
import { program } from './processes.js';

const probe = new URL('probe.js', import.meta.url).href;

/** A provider on loopback whose application takes its callback on a port that is free here. */
export async function startProvider() {
  // Held until the emulator has another one.
  const holder = createServer().listen(0, 'localhost');
  await once(holder, 'listening');
  const { port } = holder.address();
  const seed = defaultSeed();
  const origin = `http://localhost:${port}`;
  const uris = { redirectUris: [`${origin}/callback`], postLogoutRedirectUris: [`${origin}/`] };
  const application = { ...seed.applications[0], ...uris };
  const emulator = await startEmulator({ seed: { ...seed, applications: [application] } });
  holder.close();
  return {
    emulator,
    endpoint: emulator.endpoint,
    port,
    application,
    user: seed.users[0],
    close: () => emulator.close(),
  };
}

/**
 * Signs in with a fresh process, as a person would.
 *
 * @param {{ env: NodeJS.ProcessEnv, provider: object, storage: string, directory: string, more?: string[] }} options
 * `more` are further flags
 * @returns {Promise<{ requests: string[], startToAddress: number, startToEnd: number, callbackToEnd: number, peakMemory: number }>}
 * milliseconds and bytes
 */
export async function signIn(node, { env, provider, storage, directory, more = [] }) {
  const probeFile = join(directory, 'probe.json');
  const flags = { '--profile': storage, '--storage': storage, '--port': String(provider.port) };
  const settings = { '--endpoint': provider.endpoint, '--app-id': provider.application.appId };
  const args = ['sign-in', '--no-browser', ...more, ...Object.entries({ ...flags, ...settings }).flat()];
  const start = Date.now();
  const child = spawn(node, ['--import', probe, program, ...args], {
    env: { ...env, BENCH_PROBE_FILE: probeFile },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const exit = once(child, 'exit').then(([code]) => ({ code, at: Date.now() }));
  const messages = [];
  let addressAt = start;
  for await (const line of createInterface({ input: child.stderr })) {
    if (!line.startsWith(`${provider.endpoint}/oidc/auth?`)) {
      messages.push(line);
      continue;
    }
    addressAt = Date.now();
    visit(line, provider.user).catch((error) => messages.push(String(error)) && child.kill());
  }
  const { code, at } = await exit;
  if (code !== 0) throw new Error(`sign-in ended with ${code}: ${messages.join('\n')}`);
  const { requests, callbackAt, peakMemory } = JSON.parse(readFileSync(probeFile, 'utf8'));
  return {
    requests,
    startToAddress: addressAt - start,
    startToEnd: at - start,
    callbackToEnd: at - callbackAt,
    peakMemory,
  };
}

/** What the person's browser does, to the final page. */
async function visit(authorizationUrl, { username, password }) {
  const fetchOnce = (url, init) => fetch(url, { ...init, redirect: 'manual' });
  const callbackUrl = await followSignIn({ authorizationUrl, username, password, fetch: fetchOnce });
  await (await fetch(callbackUrl)).text();
}

/** A port that is free on loopback at this moment. */
export async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  return port;
}
