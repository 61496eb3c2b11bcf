import { readFileSync } from 'node:fs';
import { type LocalServer, startLocalServer } from '../support/local-server.js';

/** What the single-page application can get wrong, by name, and what that is. */
export const spaDefects = {
  'verifier-constant': 'the verifier of PKCE is the same each time',
  'markup-echoed': 'what came with an error is shown as markup',
  'audience-unchecked': 'an ID token may be for anybody',
  'nonce-unchecked': 'an ID token may have any nonce',
  'userinfo-of-other-taken': 'UserInfo may be that of another subject',
  'token-shown': 'a page holds the access token',
} as const;

/** Serves a single-page application, which needs scripts for everything. */
export function startSpa(
  issuer: string,
  defects: readonly (keyof typeof spaDefects)[] = [],
): Promise<LocalServer> {
  const script = readFileSync(new URL('./spa.js', import.meta.url), 'utf8');
  const settings = JSON.stringify({ issuer, clientId: 'emulator-spa', defects });
  const page = `<!doctype html><html lang="en"><title>Sample</title><link rel="icon" href="data:,">
<main>One moment</main>
<script type="application/json" id="settings">${settings}</script><script type="module" src="/spa.js"></script></html>`;
  return startLocalServer(
    (request, response) => {
      const isScript = request.url === '/spa.js';
      response.writeHead(200, {
        'content-type': isScript ? 'text/javascript' : 'text/html',
        'referrer-policy': 'no-referrer',
      });
      response.end(isScript ? script : page);
    },
    { host: 'localhost' },
  );
}
