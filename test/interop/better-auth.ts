import type { InteropBrowser } from './interop-browser.js';
import { alice, type InteropProvider } from './interop-provider.js';
import { npmProvidersMissing, startNpmProvider } from './npm-providers.js';

/** better-auth 1.7 with its OAuth provider plugin. */
export const betterAuth: InteropProvider = {
  name: 'better-auth',
  missing: npmProvidersMissing,
  async start({ port, redirectUri, secret }) {
    const origin = `http://localhost:${port}`;
    const environment = { APP_SECRET: secret, USER_EMAIL: alice.email, USER_PASSWORD: alice.password };
    const script = 'better-auth.js';
    const at = `${origin}/applications`;
    const server = await startNpmProvider(script, [String(port), redirectUri], at, environment);
    const ids = (await (await fetch(at)).json()) as Record<
      'publicApp' | 'confidentialApp' | 'postApp',
      string
    >;
    return {
      issuer: `${origin}/api/auth`,
      redirectUri,
      publicApp: { id: ids.publicApp },
      confidentialApp: { id: ids.confidentialApp, secret },
      further: { postApp: { id: ids.postApp, secret } },
      signIn,
      signOut: async (endSessionUrl, browser) => (await browser.visit(endSessionUrl)).url,
      stop: () => server.stop(),
    };
  },
};

/** Its page is ours to write; what it has to send is the password and the query it was called with. */
async function signIn(authorizationUrl: string, browser: InteropBrowser): Promise<string> {
  const page = new URL((await browser.visit(authorizationUrl)).url);
  if (page.pathname !== '/sign-in') return page.href;
  const { email, password } = alice;
  const json = { email, password, oauth_query: page.search.slice(1) };
  const answer = await browser.send(`${page.origin}/api/auth/sign-in/email`, { json });
  if (!answer.ok) throw new Error(`better-auth signs nobody in: ${answer.status} ${await answer.text()}`);
  const { url } = (await answer.json()) as { url: string };
  return (await browser.visit(new URL(url, page).href)).url;
}
