import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withRedirects } from '../../../src/emulator/seed.js';
import { updateConfiguration, withProfile } from '../../../src/profile/config-file.js';
import { defaultSeed, type Emulator, startEmulator } from '../../../src/testing.js';
import { changeRecord, expire, signInAt } from '../../support/session-home.js';
import { temporaryDirectory } from '../../support/temporary-directory.js';
import { doctor, freeAddresses } from './doctor-run.js';

let emulator: Emulator;
let port: number;
beforeAll(async () => {
  const addresses = await freeAddresses();
  port = addresses.port;
  emulator = await startEmulator({ seed: withRedirects(defaultSeed(), addresses.uris) });
});
afterAll(() => emulator.close());

const settings = () => ['--endpoint', emulator.endpoint, '--port', String(port), '--storage', 'file'];

async function signedInHome(): Promise<string> {
  const home = await temporaryDirectory();
  await signInAt(emulator, home);
  return home;
}

describe('the stored session', () => {
  it('need not be there', async () => {
    const { faults, check } = await doctor([...settings(), '--app-id', 'emulator-native']);
    expect(faults).toEqual({});
    expect(check('session.stored')).toMatchObject({
      outcome: 'skipped',
      message: 'Nobody is signed in (profile default, file).',
    });
  });

  it('may be of another application, which is told and is no fault', async () => {
    const { faults, check, outcome } = await doctor([...settings(), '--app-id', 'emulator-spa'], {
      home: await signedInHome(),
    });
    expect(faults).toEqual({ 'session.owner': 'warning not_signed_in' });
    expect(outcome).toBe('passed');
    expect(check('session.owner').message).toContain('emulator-native');
    expect(check('session.expiry').outcome).toBe('skipped');
  });

  it('of another application is not judged: neither its end nor what it lacks', async () => {
    const home = await signedInHome();
    await changeRecord(home, (record) => {
      record.refreshToken = null;
    });
    await expire(home);
    const { faults, check } = await doctor([...settings(), '--app-id', 'emulator-spa'], { home });
    expect(faults).toEqual({ 'session.owner': 'warning not_signed_in' });
    for (const id of ['session.expiry', 'session.refresh-token']) expect(check(id).outcome).toBe('skipped');
  });

  it('is of another provider', async () => {
    const home = await signedInHome();
    await changeRecord(home, (record) => {
      record.issuer = 'https://tenant.example.com/oidc';
    });
    const { faults } = await doctor([...settings(), '--app-id', 'emulator-native'], { home });
    expect(faults).toEqual({ 'session.owner': 'warning not_signed_in' });
  });

  it('has no refresh token', async () => {
    const home = await signedInHome();
    await changeRecord(home, (record) => {
      record.refreshToken = null;
    });
    const { faults } = await doctor([...settings(), '--app-id', 'emulator-native'], { home });
    expect(faults).toEqual({ 'session.refresh-token': 'warning' });
  });

  it('has ended, and cannot be refreshed', async () => {
    const home = await signedInHome();
    await changeRecord(home, (record) => {
      record.refreshToken = null;
    });
    await expire(home);
    const { faults } = await doctor([...settings(), '--app-id', 'emulator-native'], { home });
    expect(faults).toEqual({
      'session.refresh-token': 'warning',
      'session.expiry': 'failed session_expired',
    });
  });

  it('is sound when only its access token has ended', async () => {
    const home = await signedInHome();
    await expire(home);
    const { faults } = await doctor([...settings(), '--app-id', 'emulator-native'], { home });
    expect(faults).toEqual({});
  });

  it('is corrupt', async () => {
    const home = await signedInHome();
    await changeRecord(home, (record) => {
      record.idToken = 7;
    });
    const { faults } = await doctor([...settings(), '--app-id', 'emulator-native'], { home });
    expect(faults).toEqual({ 'session.stored': 'failed storage_corrupt' });
  });

  it('tells which provider, application and redirect URI are meant where no setting does', async () => {
    const home = await signedInHome();
    await updateConfiguration(
      home,
      async (work) => work(),
      (configuration) => withProfile(configuration, 'default', { session: 'file', storage: 'file' }),
    );
    await changeRecord(home, (record) => {
      record.redirectUri = `http://localhost:${port}/callback`;
    });
    const { faults, check } = await doctor([], { home });
    expect(faults).toEqual({ 'provider.address': 'warning' });
    expect(check('provider.address').hint).toContain(
      `logto-cli profile set default --endpoint ${emulator.endpoint} --app-id emulator-native`,
    );
    expect(check('application.redirect-uri').message).toBe(`http://localhost:${port}/callback`);
    expect(check('session.owner').outcome).toBe('passed');
  });
});
