import { describe } from 'vitest';
import { chromiumMissing } from '../support/capabilities.js';

describe.skipIf(chromiumMissing() !== null)("the library's example for an application", async () => {
  await import('./test-application-example.js');
});
