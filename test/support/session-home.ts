import { join } from 'node:path';
import { LogtoClient } from '../../src/client/logto-client.js';
import { createFetch } from '../../src/network/create-fetch.js';
import { FileStorage } from '../../src/storage/file-storage.js';
import { type Emulator, type EmulatorOptions, signIn, startEmulator } from '../../src/testing.js';
import type { LyingProvider } from './lying-provider.js';

type Request = Parameters<NonNullable<EmulatorOptions['onRequest']>>[0];

/** An emulator that remembers what it was asked. */
export interface WatchedEmulator extends Emulator {
  /** Every request, as `GET /oidc/jwks` or `POST /oidc/token refresh_token`, and the status of its answer. */
  readonly requests: { readonly what: string; readonly status: number | null }[];
  /** What was asked since the last time, in order. */
  takeRequests(): string[];
  /** What is done at each request, before whoever sent it reads the answer. */
  onRequest: (request: Request) => void;
}

/** The default seed's resource, organization and what asks for all of alice's permissions. */
export const api = 'https://api.example.test';
export const acme = 'emulator-org-acme';
export const everything = {
  resources: [api, 'urn:logto:resource:organizations'],
  scopes: ['read:things', 'write:things', 'urn:logto:scope:organizations', 'read:org', 'write:org'],
} as const;

/** Starts it on a free port. */
export async function startWatchedEmulator(
  options: Omit<EmulatorOptions, 'onRequest'> = {},
): Promise<WatchedEmulator> {
  const requests: { what: string; status: number | null }[] = [];
  const emulator = await startEmulator({
    ...options,
    onRequest: (request) => {
      const { method, path, grantType, status } = request;
      requests.push({ what: [method, path, grantType].filter(Boolean).join(' '), status });
      watched.onRequest(request);
    },
  });
  const takeRequests = () => requests.splice(0).map(({ what }) => what);
  const watched: WatchedEmulator = { ...emulator, requests, takeRequests, onRequest: () => {} };
  return watched;
}

/** Where the program keeps the session of a profile in the home of a user who wants files. */
export function sessionStorage(home: string, profile = 'default'): FileStorage {
  return new FileStorage({ directory: join(home, 'sessions', profile) });
}

/** Signs in at an emulator, and leaves the session in a home. Who wants it sets `LOGTO_CLI_STORAGE=file`. */
export async function signInAt(
  emulator: Emulator,
  home: string,
  options: Omit<NonNullable<Parameters<typeof signIn>[1]>, 'storage'> = {},
): Promise<void> {
  await signIn(emulator, { ...options, storage: sessionStorage(home) });
  emulatorRequestsOf(emulator).length = 0;
}

/** The same at a provider that lies. */
export async function signInAtLiar(
  provider: LyingProvider,
  home: string,
  resources: readonly string[] = [],
): Promise<void> {
  const client = new LogtoClient(
    { issuer: provider.issuer, appId: provider.clientId, resources },
    { storage: sessionStorage(home), fetch: await createFetch({ environment: {} }) },
  );
  const url = await client.signIn({ redirectUri: 'http://localhost:3000/callback' });
  await client.handleSignInCallback(await provider.authorize(url));
  provider.requests.length = 0;
}

/** Changes the stored record. */
export async function changeRecord(
  home: string,
  // biome-ignore lint/suspicious/noExplicitAny: the record's shape is the program's own business
  change: (record: any) => void,
): Promise<void> {
  const storage = sessionStorage(home);
  const record = JSON.parse((await storage.get('tokenSet')) ?? '{}');
  change(record);
  await storage.set('tokenSet', JSON.stringify(record));
}

/** Lets every access token of the session end now. */
export function expire(home: string): Promise<void> {
  return changeRecord(home, (record) => {
    for (const token of record.accessTokens) token.expiresAt = Date.now() - 1000;
  });
}

function emulatorRequestsOf(emulator: Emulator): unknown[] {
  return 'requests' in emulator ? (emulator as WatchedEmulator).requests : [];
}
