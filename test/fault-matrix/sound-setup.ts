import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { withRedirects } from '../../src/emulator/seed.js';
import { defaultSeed, type Emulator, startEmulator } from '../../src/testing.js';
import { freeAddresses } from '../check/doctor/doctor-run.js';
import { type CertificateName, certificateFile, serverCertificate } from '../support/certificate-files.js';
import { type HttpBrowser, personNamed } from '../support/http-browser.js';
import type { Answering, Lies } from '../support/lies.js';
import {
  type LyingProvider,
  type LyingProviderOptions,
  startLyingProvider,
} from '../support/lying-provider.js';
import { type PlainProvider, startPlainProvider } from '../support/plain-provider.js';
import type { TestMachine } from '../support/test-runtime.js';

/** Providers whose applications take callbacks on one port that is free here. */
export interface Providers {
  readonly emulator: Emulator;
  readonly plain: PlainProvider;
  readonly port: number;
  close(): Promise<void>;
}

/** Whose setup it is: an application of the emulator's (Logto's types), one elsewhere, or that of a provider to lie. */
export type SetupName = 'Native' | 'Traditional' | 'SPA' | 'plain public' | 'plain confidential' | 'liar';

/** Flags of the program, by name. `true` is a flag without a value. */
export type Flags = Record<string, string | readonly string[] | true>;

/** Everything that a user has set, on a machine where all is well: what faults are injected into. */
export interface Setup {
  readonly providers: Providers;
  /** Of `doctor` and `sign-in`. */
  readonly flags: Flags;
  readonly doctorFlags: Flags;
  readonly signInFlags: Flags;
  readonly environment: Record<string, string>;
  readonly machine: { -readonly [Key in keyof TestMachine]?: TestMachine[Key] };
  readonly home: string;
  readonly redirectUri: string;
  /** What the person does whose browser is opened. */
  readonly visit: HttpBrowser['visit'];
  /** What the provider of `liar` does. */
  readonly lies: Lies;
  /** Milliseconds for a request of `sign-in`, which otherwise waits longer than a test should. */
  signInPatience?: number;
}

const applications: Readonly<Record<SetupName, { readonly appId: string; readonly secret?: string }>> = {
  Native: { appId: 'emulator-native' },
  Traditional: { appId: 'emulator-traditional', secret: 'emulator-only-app-secret' },
  SPA: { appId: 'emulator-spa' },
  'plain public': { appId: 'plain-public' },
  'plain confidential': { appId: 'plain-confidential', secret: 'plain-confidential-test-secret' },
  liar: { appId: 'app' },
};

const alice = { username: 'alice', password: 'emulator-only-alice' };
const carol = { username: 'carol', password: 'carol-password' };

/** The setups in which nothing is wrong. */
export const setupNames = Object.keys(applications) as SetupName[];

/** Starts the providers that all faults share. */
export async function startProviders(): Promise<Providers> {
  const { port, uris } = await freeAddresses();
  const emulator = await startEmulator({ seed: withRedirects(defaultSeed(), uris) });
  const plain = await startPlainProvider(uris);
  const close = async () => {
    await emulator.close();
    await plain.close();
  };
  return { emulator, plain, port, close };
}

/** Makes a setup for the test that runs. */
export async function soundSetup(name: SetupName, providers: Providers): Promise<Setup> {
  const { emulator, plain } = providers;
  const { appId, secret } = applications[name];
  const lying = name === 'liar' ? await startHonestly() : null;
  const isElsewhere = lying !== null || name.startsWith('plain');
  // A provider of its own takes any port.
  const port = lying === null ? providers.port : (await freeAddresses()).port;
  return {
    providers,
    flags: {
      ...(isElsewhere ? { '--issuer': lying?.issuer ?? plain.issuer } : { '--endpoint': emulator.endpoint }),
      '--app-id': appId,
      '--port': String(port),
      '--storage': 'file',
    },
    doctorFlags: {},
    // One that should have failed, and waits, must not have the port when the next fault is met.
    signInFlags: { '--timeout': '20' },
    environment: secret === undefined ? {} : { LOGTO_APP_SECRET: secret },
    machine: {},
    home: await homeForTest(),
    redirectUri: `http://localhost:${port}/callback`,
    visit:
      lying === null
        ? personNamed(isElsewhere ? carol : alice)
        : async (url, tab) => void (await tab.show(url)),
    lies: lying?.lies ?? {},
  };
}

/** Lets the provider of `liar` answer so, beside its other lies. */
export function lie({ lies }: Setup, more: Lies): void {
  Object.assign(lies, { ...more, answers: { ...lies.answers, ...more.answers } });
}

/** Moves the setup of `liar` to a provider over TLS that presents these certificates, its own first. */
export async function overTls(
  setup: Setup,
  chain: readonly [CertificateName, ...CertificateName[]],
  isTrusted = true,
): Promise<void> {
  const { key } = serverCertificate(chain[0]);
  const cert = chain.map((name) => serverCertificate(name).cert).join('');
  const { issuer } = await startHonestly(setup.lies, { key, cert });
  setup.flags['--issuer'] = issuer;
  if (isTrusted) setup.flags['--ca-file'] = certificateFile('authority');
}

async function startHonestly(lies: Lies = {}, tls?: LyingProviderOptions['tls']): Promise<LyingProvider> {
  const provider = await startLyingProvider(lies, tls === undefined ? {} : { tls });
  onTestFinished(() => provider.close());
  lies.answers = { token: fromKnownClients, ...lies.answers };
  return provider;
}

/** A directory for the test that runs. What a sign-in that failed is still writing there does not keep it alive. */
async function homeForTest(): Promise<string> {
  const home = await mkdtemp(join(tmpdir(), 'logto-cli-fault-'));
  onTestFinished(() => rm(home, { recursive: true, force: true, maxRetries: 5 }));
  return home;
}

/** Without this it takes a code from anybody, and nobody could tell who is refused for the code. */
export const fromKnownClients: Answering = ({ form }) =>
  form.get('client_id') === applications.liar.appId
    ? 'honest'
    : { status: 401, body: { error: 'invalid_client', error_description: 'client authentication failed' } };
