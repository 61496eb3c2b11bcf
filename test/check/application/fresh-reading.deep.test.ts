import { expect, it } from 'vitest';
import { ApplicationProcess } from '../../../src/check/application/application-process.js';
import { providerChecks } from '../../../src/check/application/provider.js';
import { ScriptlessVisiting } from '../../../src/check/application/scriptless-visiting.js';
import { soundKeyChecks } from '../../../src/check/application/sound-keys.js';
import { TestedApplication } from '../../../src/check/application/tested-application.js';
import { startEmulator } from '../../../src/emulator/emulator.js';
import { createFetch } from '../../../src/network/create-fetch.js';
import { startSample } from '../../sample-application/sample-application.js';
import { appId } from './tested-sample.js';

/** What a check says of a sample that is started from here, and how often it was started. */
async function found(id: string, defects: readonly string[], isOurs = true) {
  const emulator = await startEmulator();
  const settings = {
    issuer: emulator.issuer,
    clientId: appId,
    clientSecret: 'emulator-only-app-secret',
    defects,
  };
  const first = await startSample(settings);
  const port = Number(new URL(first.url).port);
  if (isOurs) await first.close();
  const { signal } = new AbortController();
  const fetch = await createFetch({ environment: {} });
  let starts = 0;
  const process = new ApplicationProcess({
    start: isOurs
      ? async () => {
          starts += 1;
          const sample = await startSample({ ...settings, port });
          return { ended: new Promise<string>(() => {}), printed: () => [], end: () => sample.close() };
        }
      : null,
    url: first.url,
    isAnswered: () =>
      fetch(first.url).then(
        () => true,
        () => false,
      ),
    timeLimit: 5000,
    sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds / 1000)),
    signal,
  });
  try {
    await process.start();
    const application = new TestedApplication({
      provider: emulator,
      options: { url: first.url, appId, isPublic: false },
      process,
      visiting: new ScriptlessVisiting({ fetch, signal }),
    });
    await application.getToKnow();
    const check = [...soundKeyChecks, ...providerChecks].find((one) => one.id === id);
    const result = await check?.run(application, signal);
    const visit = await application.visit();
    await visit.visitor.signIn();
    return { ...result, starts, afterwards: await visit.isSignedIn() };
  } finally {
    await process.end();
    if (!isOurs) await first.close();
    await emulator.close();
  }
}

// An application that keeps what it has read is started anew with the fault, and without it again.
it.each([
  ['provider.other-issuer', ['settings-kept'], 'passed', 3],
  ['provider.other-issuer', ['settings-kept', 'discovery-issuer-unchecked'], 'failed', 3],
  ['sound.several-keys', ['settings-kept'], 'passed', 3],
  ['sound.several-keys', ['keys-kept', 'several-keys-refused'], 'failed', 3],
  ['sound.several-keys', ['keys-kept'], 'passed', 3],
  ['sound.several-keys', [], 'passed', 1],
  ['provider.other-issuer', [], 'passed', 1],
] as const)('%s of a sample with %o is %s', async (id, defects, outcome, starts) => {
  expect(await found(id, defects)).toMatchObject({ outcome, starts, afterwards: 'user' });
});

it.each(['provider.other-issuer', 'sound.several-keys'])(
  '%s is not asked of one that keeps what it has read and was not started from here',
  async (id) => {
    expect(await found(id, ['settings-kept'], false)).toMatchObject({
      outcome: 'skipped',
      message: expect.stringContaining('give its command behind --'),
      afterwards: 'user',
    });
  },
);
