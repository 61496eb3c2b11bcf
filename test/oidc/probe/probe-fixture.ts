import { expect } from 'vitest';
import type { Emulator } from '../../../src/emulator/emulator.js';
import { discover } from '../../../src/oidc/discovery.js';
import type { ProbeTarget, Verdict } from '../../../src/oidc/probe/probe.js';
import { testFetch } from '../protocol-fixture.js';

/** The redirect URI that every double has registered. */
export const redirectUri = 'http://localhost:3000/callback';
/** The post sign-out URI that every double has registered. */
export const postLogoutRedirectUri = 'http://localhost:3000/';

/** An application at a provider, discovered. */
export async function targetAt(
  issuer: string,
  clientId: string,
  clientSecret?: string,
): Promise<ProbeTarget> {
  const fetch = await testFetch();
  const { metadata } = await discover({ issuer, clientId, fetch, now: Date.now });
  return { metadata, clientId, fetch, now: Date.now, ...(clientSecret !== undefined && { clientSecret }) };
}

/** The kinds of applications of the emulator's seed. */
export const applications = ['Native', 'Traditional', 'SPA', 'MachineToMachine', 'device'] as const;
export type ApplicationName = (typeof applications)[number];

/** An application of the emulator's seed, authenticated as it must be unless a secret is given (empty: none). */
export async function emulated(
  { issuer, description }: Emulator,
  name: ApplicationName,
  secret?: string,
): Promise<ProbeTarget> {
  const known = description.applications.find(({ type, deviceFlow }) =>
    name === 'device' ? deviceFlow : type === name && !deviceFlow,
  );
  if (known === undefined) return expect.unreachable(`no ${name} application`);
  return targetAt(issuer, known.appId, secret ?? known.appSecret);
}

/** A verdict in short: `accepted`, `unknown`, or the code of what was refused. */
export function inShort(verdict: Verdict): string {
  return verdict.verdict === 'refused' ? verdict.error.code : verdict.verdict;
}
