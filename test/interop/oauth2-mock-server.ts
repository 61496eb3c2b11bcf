import type { InteropBrowser } from './interop-browser.js';
import type { InteropProvider } from './interop-provider.js';
import { npmProvidersMissing, startNpmProvider } from './npm-providers.js';

/** oauth2-mock-server 8.2: whatever application, secret and redirect URI it is asked for, it takes. */
export const oauth2MockServer: InteropProvider = {
  name: 'oauth2-mock-server',
  missing: npmProvidersMissing,
  async start({ port, redirectUri, secret }) {
    const issuer = `http://localhost:${port}`;
    const ready = `${issuer}/.well-known/openid-configuration`;
    const server = await startNpmProvider('oauth2-mock-server.js', [String(port)], ready);
    return {
      issuer,
      redirectUri,
      publicApp: { id: 'native' },
      confidentialApp: { id: 'web', secret },
      signIn: follow,
      signOut: follow,
      stop: () => server.stop(),
    };
  },
};

/** It asks nobody anything. */
async function follow(address: string, browser: InteropBrowser): Promise<string> {
  return (await browser.visit(address)).url;
}
