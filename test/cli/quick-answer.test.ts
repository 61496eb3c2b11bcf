import { describe, expect, it } from 'vitest';
import { commandHelp } from '../../src/cli/command-help.js';
import { readCommandLine } from '../../src/cli/command-line.js';
import { helpText } from '../../src/cli/help-layout.js';
import { programPage } from '../../src/cli/program-page.js';
import { quickAnswer } from '../../src/cli/quick-answer.js';
import { Recorder } from '../support/test-runtime.js';

describe('a quick answer', () => {
  it.each([30, 40, 80, 120])(
    'is the help that the argument parser has of the program, in %i columns',
    async (columns) => {
      const screen = new Recorder(true, { columns, hasColors: true });
      const { program } = await readCommandLine([], async () => {}, screen);
      expect(helpText(programPage, screen)).toBe(commandHelp(program, screen));
    },
  );

  it.each([
    ['whoami'],
    ['help', 'whoami'],
    ['help', 'flags'],
    ['--help', 'whoami'],
    ['completion'],
    ['completion', 'tcsh'],
    ['completion', 'bash', '--help'],
    ['completion', '--help'],
    ['completion', '--complete', 'tcsh'],
    ['completion', '--complete', 'bash', 'more'],
  ])('is not given to %s %s %s', async (...argv) => {
    expect(await quickAnswer(argv)).toBeNull();
  });
});
