import { expect } from 'vitest';
import { browserSignOut } from '../../src/flow/browser-sign-out.js';
import type { Attack } from '../support/attacked-client.js';
import { HttpBrowser } from '../support/http-browser.js';
import { RecordedProgress } from '../support/recorded-progress.js';
import { temporaryDirectory } from '../support/temporary-directory.js';
import { patienceUntil, testRuntime } from '../support/test-runtime.js';
import type { ConformancePlan } from './module.js';

/** The plan for sign-outs that the client begins: only the browser that brings our `state` back confirms one. */
export const logoutPlan: ConformancePlan = {
  name: 'oidcc-client-rp-initiated-logout-rp-basic',
  modules: [
    {
      name: 'oidcc-client-test-rp-init-logout',
      deeds: [signOut],
      expected: 'confirmed',
      also: ({ lying }) => {
        const { searchParams } = lying.requestsTo('end-session')[0]?.url ?? new URL(lying.origin);
        expect(Object.fromEntries(searchParams)).toEqual({
          client_id: 'app',
          id_token_hint: expect.stringMatching(/^eyJ/),
          post_logout_redirect_uri: expect.stringMatching(/^http:\/\/localhost:\d+\/$/),
          state: expect.stringMatching(/^[\w-]{43}$/),
        });
      },
    },
    {
      name: 'oidcc-client-test-rp-init-logout-other-state',
      lies: { endSessionResponse: (parameters) => parameters.set('state', 'another-state') },
      deeds: [signOut],
      expected: 'not confirmed',
    },
    {
      name: 'oidcc-client-test-rp-init-logout-no-state',
      lies: { endSessionResponse: (parameters) => parameters.delete('state') },
      deeds: [signOut],
      expected: 'not confirmed',
    },
  ],
};

/** Signs out in a browser that goes wherever the provider sends it, and has no patience after that. */
async function signOut(attack: Attack): Promise<string> {
  const over = new AbortController();
  const browser = new HttpBrowser(
    (url) => fetch(url, { redirect: 'manual' }),
    async (url, tab) => {
      const page = await tab.show(url);
      if (!page.text.includes('You are signed out')) over.abort();
    },
  );
  const runtime = testRuntime({
    home: await temporaryDirectory(),
    browser,
    sleep: patienceUntil(over.signal),
  });
  const outcome = await browserSignOut(runtime, {
    client: attack.client(),
    postLogoutRedirectUri: 'http://localhost:0/',
    timeout: 60,
    useBrowser: true,
    idTokenHint: true,
    progress: new RecordedProgress(),
  });
  await browser.finished();
  // Signed out here it is, whatever the browser says.
  expect(await attack.stored()).toEqual([null, null]);
  expect(outcome).toMatchObject({ revocation: 'done', failure: null });
  return outcome.endSession === 'confirmed' ? 'confirmed' : 'not confirmed';
}
