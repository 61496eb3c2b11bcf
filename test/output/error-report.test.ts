import { describe, expect, it } from 'vitest';
import { LogtoError } from '../../src/errors.js';
import { errorDocument, reportError } from '../../src/output/error-report.js';
import { Recorder } from '../support/test-runtime.js';

const ours = new LogtoError('config_missing', 'No application is set.', 'Give --app-id.', {
  flag: '--app-id',
});

function reported(error: unknown, verbose: boolean): string {
  const stderr = new Recorder();
  reportError(error, stderr, { verbose });
  return stderr.text;
}

describe('the report of a failure of ours', () => {
  it('says what happened, its code and what to do next, in two lines', () => {
    expect(reported(ours, false)).toBe(
      'error: No application is set. (config_missing)\nhint: Give --app-id.\n',
    );
  });

  it('has no stack, not even with --verbose', () => {
    expect(reported(ours, true)).toBe(reported(ours, false));
  });

  it('shows what another program printed line by line, before what to do about it', () => {
    const printed = ['TypeError: x', '\tat main.js:1', 'a\u001b[2Jb\nc'];
    const error = new LogtoError('app_not_started', 'It ended.', 'Look at it.', { printed });
    expect(reported(error, false).split('\n')).toEqual([
      'error: It ended. (app_not_started)',
      '  It printed last:',
      '    TypeError: x',
      '        at main.js:1',
      expect.stringMatching(/^ {4}a.*b c$/),
      'hint: Look at it.',
      '',
    ]);
  });

  it('is inert, however hostile its words', () => {
    const text = reported(new LogtoError('provider_error', 'a\nerror: b\u001b[2J', 'c\u202ed\r\n'), false);
    expect(text.split('\n')).toHaveLength(3);
    for (const control of ['\u001b', '\u202e', '\r']) expect(text).not.toContain(control);
  });

  it('as a document has code, message, hint, and details where there are some', () => {
    expect(errorDocument(ours)).toEqual({
      code: 'config_missing',
      message: 'No application is set.',
      hint: 'Give --app-id.',
      details: { flag: '--app-id' },
    });
    expect(errorDocument(new LogtoError('config_missing', 'm', 'h'))).toEqual({
      code: 'config_missing',
      message: 'm',
      hint: 'h',
    });
  });
});

describe('the last line of a report', () => {
  const shown = (error: unknown, stderr: Recorder, quiet?: boolean) => {
    reportError(error, stderr, { verbose: true, quiet });
    return stderr.lines;
  };
  const more = 'more: logto-cli explain config_missing';

  it('points to the page of the code, where somebody looks on', () => {
    expect(shown(ours, new Recorder(true)).at(-1)).toBe(more);
    expect(shown(new TypeError('broke'), new Recorder(true)).at(-1)).toBe(
      'more: logto-cli explain internal_error',
    );
  });

  it('is not there in a log, nor for somebody who wants quiet', () => {
    expect(shown(ours, new Recorder())).not.toContain(more);
    expect(shown(ours, new Recorder(true), true)).not.toContain(more);
  });

  it('is dim where there are colours', () => {
    const stderr = new Recorder(true, { hasColors: true });
    expect(shown(ours, stderr).at(-1)).toBe(`\u001b[2m${more}\u001b[22m`);
  });
});

describe('the report of a bug', () => {
  const secret = 'eyJhbGciOiJub25lIn0.very.secret';

  it('is internal_error and repeats nothing of it', () => {
    const text = reported(new TypeError(`bad token ${secret}`), false);
    expect(text).toContain('internal_error');
    expect(text).toContain('--verbose');
    expect(text).not.toContain(secret);
    expect(text).not.toMatch(/\bat .*:\d+/);
    expect(JSON.stringify(errorDocument(new TypeError(secret)))).not.toContain(secret);
  });

  it('has the frames with --verbose, and still not the message', () => {
    const text = reported(new TypeError(`bad token ${secret}`), true);
    expect(text).toMatch(/^\s+at .*error-report\.test\.ts:\d+/m);
    expect(text).toContain('TypeError');
    expect(text).not.toContain(secret);
  });

  it('does not take a line of the message for a frame', () => {
    expect(reported(new Error(`it broke\n    at ${secret}`), true)).not.toContain(secret);
  });

  it('does not repeat what a cause says', () => {
    const text = reported(new Error('broke', { cause: new Error(secret) }), true);
    expect(text).not.toContain(secret);
  });

  it.each([secret, null, undefined, { token: secret }, [secret]])(
    'survives what is no error: %j',
    (thrown) => {
      const text = reported(thrown, true);
      expect(text).toContain('internal_error');
      expect(text).not.toContain(secret);
    },
  );
});
