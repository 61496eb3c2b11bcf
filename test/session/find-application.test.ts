import { describe, expect, it } from 'vitest';
import { resolveSettings, type SettingFlags } from '../../src/profile/settings.js';
import { findApplication } from '../../src/session/find-application.js';
import { failureOf } from '../support/failure-of.js';
import { testRuntime } from '../support/test-runtime.js';

/** What is said of these settings, to whom sits there or to nobody. */
async function hintOf(flags: SettingFlags, isTerminal: boolean): Promise<string> {
  const runtime = testRuntime({ home: '/nowhere', isTerminal });
  const settings = resolveSettings(flags, [], { profiles: {} });
  return (await failureOf(findApplication(runtime, settings, {}))).hint;
}

const endpoint = 'https://auth.example.com';
const issuer = 'https://id.example.com';
const guided = /^To be asked for what is missing, and signed in: logto-cli init\. /;

describe('what is said where nothing is set', () => {
  it.each<[SettingFlags]>([[{}], [{ endpoint }], [{ issuer }], [{ appId: 'abc' }]])(
    'begins with what asks for it, where somebody can be asked: %o',
    async (flags) => {
      const [asked, plain] = [await hintOf(flags, true), await hintOf(flags, false)];
      expect(asked).toMatch(guided);
      expect(plain).not.toContain('logto-cli init');
      for (const hint of [asked, plain]) expect(hint).toContain('logto-cli profile set default --');
    },
  );

  it('leads to the emulator, but with nothing that it would refuse', async () => {
    expect(await hintOf({}, true)).toMatch(/Without a tenant, try: logto-cli init --emulator$/);
    // These flags are carried on to every command of a hint.
    for (const flags of [{ endpoint }, { appId: 'abc' }, { issuer }])
      expect(await hintOf(flags, true)).not.toContain('--emulator');
    expect(await hintOf({}, false)).toMatch(/Without a tenant, try: logto-cli demo$/);
  });
});
