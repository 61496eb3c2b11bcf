import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ChecksReport } from '../../src/testing.js';
import { chromiumMissing } from '../support/capabilities.js';
import { launchChromium, testedSamplePages, testedSpa } from './visited-in-chromium.js';

/** What is not as it should be: `callback.markup failed`. */
const faulty = ({ checks }: ChecksReport) =>
  checks
    .filter(({ outcome }) => outcome !== 'passed' && outcome !== 'skipped')
    .map(({ id, outcome }) => `${id} ${outcome}`);

/** Whether every defect is looked for, which takes a browser some minutes, and not one of each kind. */
const isWhole = process.env['LOGTO_CLI_TEST_STRESS'] === 'whole';
const usual = ['markup-echoed', 'session-kept', 'sign-out-of-browser', 'audience-unchecked', 'token-shown'];
const some = <Row extends readonly [string, ...unknown[]]>(rows: readonly Row[]) =>
  rows.filter(([defect]) => isWhole || usual.includes(defect));

describe.skipIf(chromiumMissing() !== null)('testApplication in Chromium', { timeout: 600_000 }, () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser.close());

  it('finds nothing wrong with the sample, and skips only what nobody named', async () => {
    const report = await testedSamplePages(browser);
    expect(faulty(report)).toEqual([]);
    expect(report.outcome).toBe('passed');
    const skipped = report.checks.filter(({ outcome }) => outcome === 'skipped').map(({ id }) => id);
    expect(skipped.filter((id) => !id.startsWith('back-channel.'))).toEqual([
      'sound.sign-up',
      'sound.algorithm',
      'return.elsewhere',
    ]);
    // Each visit closes what it opened.
    expect(browser.contexts()).toEqual([]);
  });

  it.each(
    some([
      ['markup-echoed', 'callback', ['callback.markup failed']],
      ['issuer-unchecked', 'callback', ['callback.other-issuer warning']],
      ['callback-of-other-browser', 'callback', ['callback.other-browser failed']],
      ['code-missing', 'callback', ['callback.no-code failed']],
      ['token-in-address', 'request', ['request.addresses failed']],
      ['session-kept', 'session', ['session.fixation failed']],
      ['session-across-sites', 'session', ['session.cookie warning']],
      ['callback-answered', 'session', ['session.callback-address warning']],
      ['sign-out-of-browser', 'sign-out', ['sign-out.copied-cookie warning']],
      ['sign-out-here-only', 'sign-out', ['sign-out.provider warning']],
      ['token-waited-for', 'token.never', ['token.never failed']],
      ['token-failure-thrown', 'token.error-500', ['token.error-500 warning']],
      ['sign-in-asked-again', 'sound', ['sound.single-sign-on warning']],
      ['discovery-failure-kept', 'provider', ['provider.discovery-down failed']],
    ] as const),
  )('finds %s of the sample in the group %s, and nothing else', async (defect, group, found) => {
    expect(faulty(await testedSamplePages(browser, [defect], { only: [group] }))).toEqual(found);
  });

  it('finds a place to return to that is elsewhere, where its parameter is named', async () => {
    const visit = async () => {};
    const emulated = (defects: string[]) =>
      testedSamplePages(browser, defects, {
        only: ['return'],
        returnParameter: 'returnTo',
        startPath: 'sign-in',
        signedInPath: '',
        visit,
      });
    expect(faulty(await emulated([]))).toEqual([]);
    expect(faulty(await emulated(['return-unchecked']))).toEqual(['return.elsewhere failed']);
  });

  it.each(
    some([
      ['markup-echoed', 'callback', ['callback.markup failed']],
      ['audience-unchecked', 'id-token', ['id-token.audience failed']],
      ['nonce-unchecked', 'id-token', ['id-token.wrong-nonce warning', 'id-token.no-nonce warning']],
      ['userinfo-of-other-taken', 'userinfo', ['userinfo.other-subject failed']],
      ['verifier-constant', 'request', ['request.pkce warning']],
      ['token-shown', 'session', ['session.token warning']],
    ] as const),
  )('finds %s of an application that needs scripts in %s, and nothing else', async (...row) => {
    const [defect, group, found] = row;
    expect(faulty(await testedSpa(browser, [defect], { only: [group] }))).toEqual(found);
  });

  it('does not call right what a visit did not see to its end', async () => {
    const visit: Parameters<typeof testedSpa>[2] = {
      only: ['callback.no-code'],
      timeout: 3000,
      visit: async (page) => {
        await page.getByRole('button', { name: 'Sign in' }).click();
        await page.getByText('Signed in as').waitFor();
      },
    };
    const { checks } = await testedSpa(browser, [], visit);
    expect(checks.at(-1)).toMatchObject({
      id: 'callback.no-code',
      outcome: 'incomplete',
      message: expect.stringContaining('a visit did not come to its end'),
    });
  });
});
