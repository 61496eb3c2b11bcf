import { describe, expect, it } from 'vitest';
import { createOutput, type OutputOptions } from '../../src/output/output.js';
import { commandsInLog } from '../support/log-reader.js';
import { Recorder } from '../support/test-runtime.js';

/** Says everything that an output can say. */
function everything(options: OutputOptions) {
  const [stdout, stderr] = [new Recorder(), new Recorder()];
  const output = createOutput(stdout, stderr, options);
  output.note('a note');
  output.detail('a detail');
  output.warn('a warning');
  output.address('https://tenant.test/oidc/auth?state=x');
  output.result({ a: 1 }, ['line one', 'line two']);
  return { stdout: stdout.text, stderr: stderr.text };
}

describe('an output', () => {
  it('writes the result alone on stdout, everything else on stderr', () => {
    const { stdout, stderr } = everything({});
    expect(stdout).toBe('line one\nline two\n');
    expect(stderr).toBe('a note\nwarning: a warning\nhttps://tenant.test/oidc/auth?state=x\n');
  });

  it.each<OutputOptions>([{ json: true }, { json: true, verbose: true }, { json: true, quiet: true }])(
    'writes exactly one JSON document on stdout with %j',
    (options) => {
      expect(JSON.parse(everything(options).stdout)).toEqual({ a: 1 });
    },
  );

  it('writes the document to everybody where there is nothing else', () => {
    const stdout = new Recorder(true);
    createOutput(stdout, new Recorder(), {}).result({ a: ['b'] });
    expect(JSON.parse(stdout.text)).toEqual({ a: ['b'] });
  });

  it('says details only with --verbose', () => {
    expect(everything({ verbose: true }).stderr).toContain('a detail\n');
    expect(everything({}).stderr).not.toContain('a detail');
  });

  it('keeps warnings and addresses with --quiet, and no notes', () => {
    const { stdout, stderr } = everything({ quiet: true });
    expect(stderr).toBe('warning: a warning\nhttps://tenant.test/oidc/auth?state=x\n');
    expect(stdout).toBe('line one\nline two\n');
  });

  it('writes nothing for a result without lines', () => {
    const stdout = new Recorder();
    createOutput(stdout, new Recorder(), {}).result({}, []);
    expect(stdout.text).toBe('');
  });

  it('prints an address whole and unwrapped, however long and whatever the terminal', () => {
    const stderr = new Recorder(true);
    const address = `https://tenant.test/oidc/auth?${'x'.repeat(4000)}`;
    createOutput(new Recorder(), stderr, { quiet: true }).address(address);
    expect(stderr.lines).toEqual([address]);
  });

  it('lets no command begin a line where a long one is wrapped', () => {
    const stderr = new Recorder(true, { isLogRead: true, columns: 20 });
    const stdout = new Recorder(true, { isLogRead: true, columns: 20 });
    const output = createOutput(stdout, stderr, {});
    output.warn('a word or ::error::FORGED');
    output.result({}, ['a word or two       ::error::FORGED ::error::FORGED']);
    for (const { text } of [stdout, stderr]) {
      expect(text).toMatch(/^ *:\\:error::FORGED$/m);
      expect(commandsInLog(text)).toEqual([]);
    }
  });

  it('makes a warning one inert line', () => {
    const stderr = new Recorder();
    createOutput(new Recorder(), stderr, {}).warn('a\n\u001b[31mb');
    expect(stderr.lines).toHaveLength(1);
    expect(stderr.text).not.toContain('\u001b');
  });
});
