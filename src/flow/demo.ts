import { createServer } from 'node:net';
import type { BrowserOpener } from '../browser/browser.js';
import { LogtoClient } from '../client/logto-client.js';
import { type Emulator, startEmulator } from '../emulator/emulator.js';
import { defaultSeed, withRedirects } from '../emulator/seed.js';
import { CookieJar } from '../headless/cookie-jar.js';
import { followSignIn, followSignOut } from '../headless/follow-sign-in.js';
import { callbackUri, signedOutUri } from '../local-address.js';
import type { Fetch } from '../network/fetch.js';
import type { Runtime } from '../runtime.js';
import { browserSignIn } from './browser-sign-in.js';
import { browserSignOut } from './browser-sign-out.js';
import type { JourneyProgress } from './open-page.js';

/** What one part of the demo showed. */
export interface DemoStep {
  readonly step: 'emulator' | 'sign-in' | 'whoami' | 'UserInfo' | 'token' | 'sign-out';
  readonly message: string;
}

/**
 * The main journey on this machine alone: a provider of our own, a real sign-in with every validation, and a sign-out.
 * Tokens are in memory only.
 *
 * @param inBrowser whether a person signs in, or the demo by itself
 * @throws LogtoError whatever the journey throws
 */
export async function runDemo(
  machine: Runtime,
  progress: JourneyProgress,
  inBrowser: boolean,
): Promise<DemoStep[]> {
  const port = await freePort();
  const emulator = await startEmulator({
    seed: withRedirects(defaultSeed(), {
      redirectUris: [callbackUri(port)],
      postLogoutRedirectUris: [signedOutUri(port)],
    }),
  });
  try {
    const { endpoint, issuer, description } = emulator;
    const [application, user, api] = [
      description.applications[0],
      description.users[0],
      description.resources[0],
    ];
    if (!application || !user || !api)
      throw new Error('the default seed has no application, user or resource');
    const fetch = await machine.fetch({});
    const runtime = inBrowser ? machine : withSelfDrivenBrowser(machine, emulator, fetch);
    const quiet: JourneyProgress = inBrowser ? progress : { ...progress, note: () => {}, address: () => {} };
    const client = new LogtoClient(
      { endpoint, appId: application.appId, resources: [api.indicator], scopes: api.scopes },
      { fetch, now: machine.now, observe: machine.observe },
    );

    if (inBrowser) progress.note(`Sign in as ${user.username} with the password ${user.password}`);
    const began = machine.now();
    const session = await browserSignIn(runtime, {
      client,
      options: {},
      redirectUri: callbackUri(port),
      timeout: 300,
      useBrowser: true,
      isLogto: true,
      progress: quiet,
    });
    const took = machine.now() - began;
    const userInfo = await client.fetchUserInfo();
    const token = await client.obtainAccessToken({ resource: api.indicator });
    const outcome = await browserSignOut(runtime, {
      client,
      postLogoutRedirectUri: signedOutUri(port),
      timeout: 60,
      useBrowser: true,
      idTokenHint: false,
      progress: quiet,
    });
    if (outcome.interruption !== undefined) throw outcome.interruption;
    return [
      { step: 'emulator', message: `a Logto-compatible provider ran at ${endpoint}` },
      {
        step: 'sign-in',
        message: `${user.username} signed in ${inBrowser ? 'in the browser' : 'by itself'} in ${took} ms: authorization code with PKCE, every token validated`,
      },
      {
        step: 'whoami',
        message: `subject ${session.subject}, scopes ${session.scopes.join(' ')}, ID token of ${issuer} valid for ${validMinutes(session, machine.now())} min`,
      },
      {
        step: 'UserInfo',
        message: `answered for the same subject with ${Object.keys(userInfo).length} claims`,
      },
      {
        step: 'token',
        message: `an access token for ${token.resource} with the scopes ${token.scopes.join(' ')}`,
      },
      {
        step: 'sign-out',
        message: `refresh token revocation ${outcome.revocation}, tokens cleared, end of the provider's session ${outcome.endSession}`,
      },
    ];
  } finally {
    await emulator.close();
  }
}

function validMinutes(session: { readonly idTokenExpiresAt: number }, now: number): number {
  return Math.round((session.idTokenExpiresAt - now) / 60_000);
}

/** Post sign-out URIs match to the port, so it must be known before the provider starts. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('a TCP server has a port');
  return address.port;
}

/**
 * The machine with a browser that needs no person: it fills in the emulator's forms and goes where the provider sends
 * it. What goes wrong on its way interrupts the journey, since nobody is there to see it.
 */
function withSelfDrivenBrowser(machine: Runtime, { description }: Emulator, fetch: Fetch): Runtime {
  const cookies = new CookieJar();
  const failed = new AbortController();
  const { username = '', password = '' } = description.users[0] ?? {};

  async function go(url: string): Promise<void> {
    const target = new URL(url).pathname.endsWith('/session/end')
      ? await followSignOut({ endSessionUrl: url, fetch, cookies })
      : await followSignIn({ authorizationUrl: url, username, password, fetch, cookies });
    const response = await fetch(target);
    const location = response.headers.get('location');
    if (location !== null) await fetch(new URL(location, target).href);
  }

  const browser: BrowserOpener = {
    available: () => true,
    async open(url) {
      go(url).catch((error: unknown) => failed.abort(error));
      return true;
    },
  };
  return { ...machine, browser, interruption: AbortSignal.any([machine.interruption, failed.signal]) };
}
