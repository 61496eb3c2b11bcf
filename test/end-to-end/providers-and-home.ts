import { afterAll, beforeAll, beforeEach } from 'vitest';
import { temporaryDirectory } from '../support/temporary-directory.js';
import { type Providers, startProviders } from './providers.js';

/** Gives each test of a file a home of its own, and all of them the same providers, which end with the file. */
export function providersAndHome(give: (providers: Providers, home: string) => void): void {
  let providers: Providers;
  beforeAll(async () => {
    providers = await startProviders();
  });
  beforeEach(async () => give(providers, await temporaryDirectory()));
  afterAll(() => providers.close());
}
