import { expect, it } from 'vitest';
import { applicationChecks } from '../../../src/check/application/application-checks.js';
import { didYouMean, nearestChecks } from '../../../src/check/run/nearest-checks.js';
import { failureOf } from '../../support/failure-of.js';
import { runInProcess } from '../../support/run-in-process.js';
import { temporaryDirectory } from '../../support/temporary-directory.js';
import { testRuntime } from '../../support/test-runtime.js';

it.each([
  ['callbak', ['callback']],
  ['id_token', ['id-token']],
  ['callback.other-browsr', ['callback.other-browser']],
  ['nope', []],
  ['xy', []],
  ['something-else-entirely', []],
])('for %j these are proposed: %j', (word, names) => {
  expect(nearestChecks(applicationChecks, word)).toEqual(names);
  expect(didYouMean(applicationChecks, [word])).toBe(
    names.length === 0 ? '' : `Did you mean ${names.join(' or ')}? `,
  );
});

it.each([
  [
    ['test-app', 'http://localhost:1/', '--only', 'callbak'],
    'Did you mean callback? See them with: logto-cli test-app',
  ],
  [
    ['test', '--issuer', 'http://localhost:1', '--app-id', 'x', '--only', 'pkc'],
    'Did you mean pkce? See them with: logto-cli test --list',
  ],
])('%j proposes what was meant', async (args, hint) => {
  const runtime = testRuntime({ home: await temporaryDirectory() });
  const failure = await failureOf(runInProcess(runtime, args));
  expect(failure.code).toBe('usage_invalid');
  expect(failure.hint).toMatch(new RegExp(`^${hint.replace('?', '\\?')}`));
});
