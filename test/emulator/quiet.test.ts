import { afterEach, expect, it, vi } from 'vitest';

afterEach(() => vi.restoreAllMocks());

// Alone in its file and imported late, so that the engine is loaded for the first time while somebody listens.
it('the emulator prints nothing: not when it is loaded, not when it starts, not while it works', async () => {
  const methods = (['log', 'info', 'warn', 'error', 'debug'] as const).map((method) =>
    vi.spyOn(console, method).mockImplementation(() => {}),
  );
  const warnings = vi.spyOn(process, 'emitWarning');
  const { startEmulator } = await import('../../src/emulator/emulator.js');
  const { open, post, tokens, refresh, userInfo } = await import('./raw-client.js');
  const { followSignOut } = await import('../../src/headless/follow-sign-in.js');
  const { rawFetch } = await import('./raw-client.js');

  const emulator = await startEmulator();
  const { issuer } = emulator;
  for (const appId of ['emulator-native', 'emulator-traditional', 'emulator-spa'] as const) {
    const { body } = await tokens(issuer, appId);
    await refresh(issuer, appId, body.refresh_token);
    await userInfo(issuer, body.access_token);
  }
  const fields = { grant_type: 'client_credentials', resource: 'https://api.example.test' };
  await post(`${issuer}/token`, 'emulator-m2m', fields);
  await open(`${issuer}/device?user_code=AAAA-AAAA`);
  for (const path of [
    '/token',
    '/device',
    '/device/auth',
    '/token/revocation',
    '/token/introspection',
    '/request',
    '/auth',
    '/me',
    '/nothing',
  ]) {
    const body = new URLSearchParams({ client_id: 'emulator-spa', token: 'x', access_token: 'x' });
    const headers = { origin: 'http://localhost:3000' };
    await fetch(`${issuer}${path}`, { method: 'POST', body, headers, redirect: 'manual' });
  }
  await followSignOut({ endSessionUrl: `${issuer}/session/end`, fetch: rawFetch });
  await fetch(`${issuer}/session/end/success`);
  await emulator.close();

  for (const method of methods) expect(method.mock.calls).toEqual([]);
  expect(warnings.mock.calls).toEqual([]);
});
