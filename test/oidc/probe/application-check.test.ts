import { expect, it, onTestFinished } from 'vitest';
import { checkApplication } from '../../../src/oidc/probe/application-check.js';
import type { Answering } from '../../support/lies.js';
import { startLyingProvider } from '../../support/lying-provider.js';
import { inShort, redirectUri, targetAt } from './probe-fixture.js';

const unregistered: Answering = () => ({ status: 400, body: { error: 'invalid_redirect_uri' } });

async function checked(token: Answering, authorize: Answering) {
  const lying = await startLyingProvider({ answers: { authorize, token } });
  onTestFinished(() => lying.close());
  const target = await targetAt(lying.issuer, lying.clientId);
  return inShort(await checkApplication(target, { redirectUri, scopes: ['openid'], resources: [] }));
}

const refusesCode: Answering = () => ({ status: 400, body: { error: 'invalid_grant' } });
const knowsApplication: Answering = () => ({
  status: 400,
  body: { error: 'invalid_grant', code: 'oidc.invalid_grant', message: '' },
});

it('does not say that a redirect URI is not registered where an unknown application hears the same', async () => {
  expect(await checked(refusesCode, unregistered)).toBe('unknown');
});

it('says so where the token endpoint knows the application', async () => {
  expect(await checked(knowsApplication, unregistered)).toBe('redirect_uri_not_registered');
});

it('says so where an unknown application hears something else', async () => {
  const telling: Answering = (request, response) =>
    request.url.searchParams.get('client_id') === 'app'
      ? unregistered(request, response)
      : { status: 400, body: { error: 'invalid_client' } };
  expect(await checked(refusesCode, telling)).toBe('redirect_uri_not_registered');
});
