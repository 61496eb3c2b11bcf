import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { harReport } from '../../src/trace/har-report.js';
import { signIn } from '../oidc/protocol-fixture.js';
import { chromiumMissing, chromiumPath } from '../support/capabilities.js';
import { type LyingProvider, startLyingProvider } from '../support/lying-provider.js';
import { temporaryDirectory } from '../support/temporary-directory.js';
import { beginTrace } from './traced-provider.js';

/** A request as the developer tools have it. */
interface ReadRequest {
  readonly url: string;
  readonly method: string;
  readonly status: number;
  readonly form: readonly string[];
  readonly content: string;
}

describe.skipIf(chromiumMissing() !== null)('the archive of a trace', () => {
  let browser: Browser;
  let lying: LyingProvider;
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: chromiumPath(), args: ['--no-sandbox'] });
    lying = await startLyingProvider();
  });
  afterAll(async () => {
    await browser?.close();
    await lying?.close();
  });

  async function archive(): Promise<string> {
    const { options, finish } = await beginTrace();
    await signIn(lying, options);
    return JSON.stringify(harReport(finish()));
  }

  it("is read by Chromium's developer tools, request by request", async () => {
    const har = await archive();
    const page = await (await browser.newContext()).newPage();
    // The tools are pages of Chromium's own, and this is the module behind their "Import HAR file".
    await page.goto('devtools://devtools/bundled/devtools_app.html');
    // As a text: what compiles these tests would put its own word in the place of the import.
    const read = `(async (archive) => {
      const { HARFormat, Importer } = await import('devtools://devtools/bundled/models/har/har.js');
      const root = new HARFormat.HARRoot(archive);
      return await Promise.all(Importer.Importer.requestsFromHARLog(root.log).map(async (request) => ({
        url: request.url(),
        method: request.requestMethod,
        status: request.statusCode,
        form: ((await request.formParameters()) ?? []).map(({ name }) => name),
        content: (await request.requestContentData()).text ?? '',
      })));
    })(${har})`;
    const requests = await page.evaluate<readonly ReadRequest[]>(read);
    const token = requests.find(({ url }) => url.endsWith('/token'));
    expect(token).toMatchObject({
      method: 'POST',
      status: 200,
      form: expect.arrayContaining(['grant_type', 'code_verifier']),
    });
    expect(token?.content).toContain('"id_token": "‹');
    expect(requests.length).toBe(JSON.parse(har).log.entries.length);
  });

  it('is taken by a page in the place of the network', async () => {
    const file = join(await temporaryDirectory(), 'trace.har');
    await writeFile(file, await archive());
    const context = await browser.newContext();
    await context.routeFromHAR(file, { notFound: 'abort' });
    const page = await context.newPage();
    const answer = await page.goto(`${lying.issuer}/.well-known/openid-configuration`);
    expect(answer?.status()).toBe(200);
    expect(await answer?.json()).toMatchObject({ issuer: lying.issuer });
  });
});
