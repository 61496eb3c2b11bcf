import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { executable } from '../support/capabilities.js';
import type { InteropBrowser, Page } from './interop-browser.js';
import { alice, type InteropProvider } from './interop-provider.js';
import { ProviderProcess, providerEnvironment, providerFolder } from './provider-process.js';

const python = '/usr/bin/python3';
const site = fileURLToPath(new URL('django', import.meta.url));

/** django-oauth-toolkit 1.7, from Debian's packages, with the distribution's own Python. */
export const djangoOauthToolkit: InteropProvider = {
  name: 'django-oauth-toolkit',
  missing() {
    const isThere = existsSync('/usr/lib/python3/dist-packages/oauth2_provider');
    if (isThere && existsSync(python) && executable('openssl') !== null) return null;
    return 'apt-get install --no-install-recommends python3-django-oauth-toolkit openssl';
  },
  async start({ port, redirectUri, secret }) {
    const folder = providerFolder();
    const environment = {
      SITE_FOLDER: folder.path,
      REDIRECT_URI: redirectUri,
      APP_SECRET: secret,
      USER_NAME: alice.username,
      USER_PASSWORD: alice.password,
      DJANGO_SETTINGS_MODULE: 'site_settings',
      PYTHONPATH: site,
      PYTHONDONTWRITEBYTECODE: '1',
    };
    const prepare = (command: string, ...args: string[]) =>
      execFileSync(command, args, {
        env: providerEnvironment(environment),
        stdio: ['ignore', 'ignore', 'pipe'],
      });
    const issuer = `http://localhost:${port}/o`;
    try {
      const key = join(folder.path, 'signing.key');
      prepare('openssl', 'genpkey', '-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:2048', '-out', key);
      prepare(python, '-m', 'django', 'migrate', '--verbosity', '0');
      prepare(python, join(site, 'fill.py'));
      const server = await ProviderProcess.start({
        command: python,
        // One request at a time: SQLite refuses transactions that write at once.
        args: ['-m', 'django', 'runserver', '--noreload', '--nothreading', `127.0.0.1:${port}`],
        environment,
        readyAt: `${issuer}/.well-known/openid-configuration/`,
      });
      return {
        issuer,
        redirectUri,
        publicApp: { id: 'native' },
        confidentialApp: { id: 'web', secret },
        further: { symmetric: { id: 'web-hs256', secret } },
        signIn,
        signOut: () => Promise.reject(new Error('it has no end session endpoint')),
        stop: async () => {
          await server.stop();
          folder.remove();
        },
      };
    } catch (error) {
      folder.remove();
      throw error;
    }
  },
};

/** Two forms: name and password, then the consent. */
async function signIn(authorizationUrl: string, browser: InteropBrowser): Promise<string> {
  let page = await browser.visit(authorizationUrl);
  if (new URL(page.url).pathname !== '/accounts/login/') return page.url;
  const { username, password } = alice;
  page = await browser.visit(page.url, { form: { ...hiddenFields(page), username, password } });
  // Who consented once is not asked again while a token lives.
  if (new URL(page.url).origin === browser.home || page.status !== 200) return page.url;
  return (await browser.visit(page.url, { form: { ...hiddenFields(page), allow: 'Authorize' } })).url;
}

function hiddenFields({ text }: Page): Record<string, string> {
  const inputs = [...text.matchAll(/<input type="hidden" name="([^"]+)"(?: value="([^"]*)")?/g)];
  return Object.fromEntries(
    inputs.map(([, name = '', value = '']) => [name, value.replaceAll('&amp;', '&')]),
  );
}
