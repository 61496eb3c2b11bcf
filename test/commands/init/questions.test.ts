import { describe, expect, it } from 'vitest';
import { askText } from '../../../src/commands/init/questions.js';
import { createOutput } from '../../../src/output/output.js';
import { temporaryDirectory } from '../../support/temporary-directory.js';
import { testRuntime } from '../../support/test-runtime.js';

describe('a question of init', () => {
  it.each(['', ' ', '""', " '' "])('is asked again, or takes its default, for %j', async (nothing) => {
    const home = await temporaryDirectory();
    const asking = (fallback?: string) => {
      const runtime = testRuntime({ home, answers: [nothing, 'abc'] });
      const output = createOutput(runtime.stdout, runtime.stderr, {});
      return askText({ runtime, output, environments: [] }, 'App ID', fallback);
    };
    expect(await asking()).toBe('abc');
    expect(await asking('before')).toBe('before');
  });
});
