import type { ApplicationOptions } from '../../../src/check/application/application-options.js';
import {
  ApplicationProcess,
  type StartedProgram,
} from '../../../src/check/application/application-process.js';
import { ScriptlessVisiting } from '../../../src/check/application/scriptless-visiting.js';
import { TestedApplication } from '../../../src/check/application/tested-application.js';
import { type Emulator, startEmulator } from '../../../src/emulator/emulator.js';
import { createFetch } from '../../../src/network/create-fetch.js';
import { startSample } from '../../sample-application/sample-application.js';
import { certificateFile, serverCertificate } from '../../support/certificate-files.js';

/** The application of the emulator that is tested. */
export const appId = 'emulator-traditional';

/** An emulator with an application, ready to be got to know; somebody else has started it where nothing starts it. */
export async function testedApplication(
  emulator: Emulator,
  options: Partial<ApplicationOptions> & { readonly url: string },
  {
    start = null,
    ...limits
  }: {
    readonly timeout?: number;
    readonly caFile?: string;
    readonly start?: (() => Promise<StartedProgram>) | null;
  } = {},
): Promise<TestedApplication> {
  const { signal } = new AbortController();
  const fetch = await createFetch({ environment: {}, maxBytes: 50 * 1024 * 1024, ...limits });
  const process = new ApplicationProcess({
    start,
    url: options.url,
    isAnswered: () =>
      fetch(options.url).then(
        () => true,
        () => false,
      ),
    timeLimit: 1000,
    sleep: async () => {},
    signal,
  });
  const application = { appId, isPublic: false, ...options };
  return new TestedApplication({
    provider: emulator,
    options: application,
    process,
    visiting: new ScriptlessVisiting({ fetch, signal }),
  });
}

/** How the sample is visited. */
export interface SampleLimits {
  readonly timeout?: number;
  /** Whether it has a certificate, whose authority the visitor trusts. */
  readonly isHttps?: boolean;
  /** How it asks for a registration. */
  readonly registration?: Readonly<Record<string, string>>;
  /** Where it signs out, from its start; `undefined`: nobody says it. Default: where it does. */
  readonly signOut?: string | undefined;
  /** Where it takes logout tokens, from its start; `undefined`: nobody says it. Default: where it does. */
  readonly backChannelLogout?: string | undefined;
  /** Default: the usual ones are tried. */
  readonly returnParameter?: string;
}

/** The sample with these defects, at an emulator of its own; somebody has got to know it. */
export async function testedSample(defects: readonly string[] = [], limits: SampleLimits = {}) {
  const { isHttps = false, timeout, returnParameter, registration } = limits;
  const signOut = 'signOut' in limits ? limits.signOut : 'sign-out';
  const backChannelLogout = 'backChannelLogout' in limits ? limits.backChannelLogout : 'backchannel-logout';
  const caFile = isHttps ? certificateFile('authority') : undefined;
  const trusting = caFile === undefined ? {} : { caFile };
  const emulator = await startEmulator({
    fetch: await createFetch({ environment: {}, ...trusting }),
    furtherIdTokenAlgorithms: ['RS256'],
  });
  const sample = await startSample({
    issuer: emulator.issuer,
    clientId: appId,
    clientSecret: 'emulator-only-app-secret',
    defects,
    ...(registration !== undefined && { registration }),
    ...(isHttps && { tls: serverCertificate('localhost') }),
  });
  const close = async () => {
    await sample.close();
    await emulator.close();
  };
  try {
    const application = await testedApplication(
      emulator,
      {
        url: sample.url,
        signUpUrl: `${sample.url}sign-up`,
        ...(signOut !== undefined && { signOutUrl: sample.url + signOut }),
        ...(backChannelLogout !== undefined && { backChannelLogoutUrl: sample.url + backChannelLogout }),
        ...(returnParameter !== undefined && { returnParameter }),
      },
      {
        ...(timeout !== undefined && { timeout }),
        ...trusting,
      },
    );
    await application.getToKnow();
    return { application, emulator, close };
  } catch (error) {
    await close();
    throw error;
  }
}
