import { describe } from 'vitest';
import { chromiumMissing } from '../support/capabilities.js';

describe.skipIf(chromiumMissing() !== null)("the README's example for Playwright", async () => {
  await import('./playwright-example.js');
});
