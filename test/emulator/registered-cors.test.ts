import { expect, it } from 'vitest';
import { startEmulator } from '../../src/emulator/emulator.js';

it('lets the scripts of an application ask that was registered later, and nobody else', async () => {
  const emulator = await startEmulator();
  try {
    const allowed = async (origin: string) => {
      const body = new URLSearchParams({
        client_id: 'emulator-spa',
        grant_type: 'authorization_code',
        code: 'x',
      });
      const init = { method: 'POST', headers: { origin }, body };
      const response = await fetch(`${emulator.issuer}/token`, init);
      return response.headers.get('access-control-allow-origin');
    };
    expect(await allowed('http://localhost:5173')).toBeNull();
    emulator.register('emulator-spa', { redirectUri: 'http://localhost:5173/callback' });
    expect(await allowed('http://localhost:5173')).toBe('http://localhost:5173');
    expect(await allowed('http://localhost:5174')).toBeNull();
  } finally {
    await emulator.close();
  }
});
