import { describe, expect, it } from 'vitest';
import { askSecret } from '../../src/session/ask-secret.js';
import { runInProcess } from '../support/run-in-process.js';
import { temporaryDirectory } from '../support/temporary-directory.js';
import { testRuntime } from '../support/test-runtime.js';

async function asked(answers: readonly string[]) {
  const runtime = testRuntime({ home: await temporaryDirectory(), isTerminal: true, answers });
  const answer = await askSecret(runtime, 'Secret: ');
  return { answer, questions: runtime.questions.length, said: runtime.stderr.lines };
}

describe('somebody who is asked for a secret', () => {
  it('and presses Enter hears that nothing was typed, and is asked again', async () => {
    expect(await asked(['', ' ', 'hunter2'])).toEqual({
      answer: 'hunter2',
      questions: 3,
      said: ['Nothing was typed.', 'Nothing was typed.'],
    });
  });

  it('three times in all', async () => {
    expect(await asked(['', '', '', 'late'])).toMatchObject({ answer: '', questions: 3 });
  });

  it('and ends the input is not asked again', async () => {
    expect(await asked([])).toEqual({ answer: null, questions: 1, said: [] });
  });

  it('and types nothing at all is told so by an error, and nothing is kept', async () => {
    const home = await temporaryDirectory();
    const runtime = testRuntime({ home, isTerminal: true, answers: ['', '', ''] });
    const set = ['profile', 'set', 'web', '--endpoint', 'https://a.example', '--app-id', 'b'];
    await expect(runInProcess(runtime, [...set, '--app-secret-stdin'])).rejects.toMatchObject({
      code: 'usage_invalid',
      message: 'No secret was typed.',
    });
    expect(runtime.questions).toHaveLength(3);
  });
});
