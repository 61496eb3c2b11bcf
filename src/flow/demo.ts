import type { BrowserOpener } from '../browser/browser.js';
import type { AccessToken } from '../client/access-token.js';
import { LogtoClient } from '../client/logto-client.js';
import type { Session } from '../client/session.js';
import { type Emulator, startEmulator } from '../emulator/emulator.js';
import type { EmulatorUser } from '../emulator/seed.js';
import { CookieJar } from '../headless/cookie-jar.js';
import { followSignIn, followSignOut } from '../headless/follow-sign-in.js';
import { callbackUri, signedOutUriOf } from '../local-address.js';
import type { Fetch } from '../network/fetch.js';
import type { Runtime } from '../runtime.js';
import { browserSignIn } from './browser-sign-in.js';
import { browserSignOut, type SignOutOutcome } from './browser-sign-out.js';
import type { JourneyProgress } from './journey-event.js';

/** What the demo comes to, one after the other. */
export type DemoEvent =
  | { readonly step: 'emulator'; readonly endpoint: string; readonly user: EmulatorUser }
  | { readonly step: 'sign-in'; readonly user: EmulatorUser; readonly milliseconds: number }
  | { readonly step: 'whoami'; readonly session: Session }
  | { readonly step: 'UserInfo'; readonly claims: Readonly<Record<string, unknown>> }
  | { readonly step: 'token'; readonly token: AccessToken }
  | { readonly step: 'sign-out'; readonly outcome: SignOutOutcome };

/**
 * The main journey on this machine alone: a provider of our own, a real sign-in with every validation, and a sign-out.
 * Tokens are in memory only.
 *
 * @param inBrowser whether a person signs in, or the demo by itself
 * @param tell is told of each step as soon as it is done
 * @throws LogtoError whatever the journey throws
 */
export async function runDemo(
  machine: Runtime,
  progress: JourneyProgress,
  inBrowser: boolean,
  tell: (event: DemoEvent) => void,
): Promise<void> {
  // Its own seed, which has not to be read as one from outside has.
  const emulator = await startEmulator();
  try {
    const { endpoint, description } = emulator;
    const [application, user, api] = [
      description.applications[0],
      description.users[0],
      description.resources[0],
    ];
    if (!application || !user || !api)
      throw new Error('the default seed has no application, user or resource');
    const fetch = await machine.fetch({});
    const runtime = inBrowser ? machine : withSelfDrivenBrowser(machine, emulator, fetch);
    const quiet = inBrowser ? progress : withoutPerson(progress);
    const client = new LogtoClient(
      { endpoint, appId: application.appId, resources: [api.indicator], scopes: api.scopes },
      { fetch, now: machine.now, observe: machine.observe },
    );

    tell({ step: 'emulator', endpoint, user });
    const began = machine.now();
    const session = await browserSignIn(runtime, {
      client,
      options: {},
      redirectUri: callbackUri(0),
      timeout: 300,
      useBrowser: true,
      isLogto: true,
      progress: quiet,
    });
    tell({ step: 'sign-in', user, milliseconds: machine.now() - began });
    tell({ step: 'whoami', session });
    tell({ step: 'UserInfo', claims: await client.fetchUserInfo() });
    tell({ step: 'token', token: await client.obtainAccessToken({ resource: api.indicator }) });
    // Unlike that of a redirect URI, its port has to be registered: the sign-in has found one that is free.
    const postLogoutRedirectUri = signedOutUriOf(session.redirectUri ?? callbackUri());
    emulator.register(application.appId, { postLogoutRedirectUri });
    const outcome = await browserSignOut(runtime, {
      client,
      postLogoutRedirectUri,
      timeout: 60,
      useBrowser: true,
      idTokenHint: false,
      progress: quiet,
    });
    if (outcome.interruption !== undefined) throw outcome.interruption;
    tell({ step: 'sign-out', outcome });
  } finally {
    await emulator.close();
  }
}

/**
 * The machine with a browser that needs no person: it fills in the emulator's forms and goes where the provider sends
 * it. What goes wrong on its way interrupts the journey, since nobody is there to see it.
 */
function withSelfDrivenBrowser(machine: Runtime, { description }: Emulator, fetch: Fetch): Runtime {
  const cookies = new CookieJar();
  const failed = new AbortController();
  const { username = '', password = '' } = description.users[0] ?? {};

  async function go(opened: string): Promise<void> {
    // A sign-in begins at an address of the listener that works once.
    const isDetour = new URL(opened).pathname.startsWith('/start/');
    const url = isDetour ? ((await fetch(opened)).headers.get('location') ?? opened) : opened;
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
  // No copy: to make one is to open the standard input, and to read our version, which nobody wants here.
  return Object.create(machine, {
    browser: { value: browser },
    interruption: { value: AbortSignal.any([machine.interruption, failed.signal]) },
  });
}

/** Nobody has to do anything: what is left is what went wrong. */
function withoutPerson(progress: JourneyProgress): JourneyProgress {
  const events = ['browser_not_started', 'callback_unusable', 'header_unread'];
  return { tell: (moment) => events.includes(moment.event) && progress.tell(moment) };
}
