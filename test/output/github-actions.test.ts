import { describe, expect, it } from 'vitest';
import { markdownTable, markdownText, workflowCommand } from '../../src/output/github-actions.js';

describe('a workflow command', () => {
  it('is one line, in which nothing of the texts is a command', () => {
    expect(
      workflowCommand({
        level: 'error',
        title: 'a: b, c%',
        message: '100%: a,\n::error::b\r\u001b[31m\u202e',
      }),
    ).toBe('::error title=a%3A b%2C c%25::100%25: a, ::error::b  [31m ');
    expect(workflowCommand({ level: 'warning', title: 't', message: 'm' })).toBe('::warning title=t::m');
  });
});

describe('a table in Markdown', () => {
  it('has a cell for each text, whatever that is', () => {
    const lines = markdownTable(['A', 'B'], [['x', 'a|b\n<img src=x> [l](http://x) `c` @someone']]);
    expect(lines.slice(0, 2)).toEqual(['| A | B |', '| --- | --- |']);
    expect(lines[2]?.split('|')).toHaveLength(4);
    expect(lines[2]).not.toMatch(/[<[`@\n]/);
  });

  it('leaves words as they are', () => {
    expect(markdownText('sent back with a code 400')).toBe('sent back with a code 400');
  });
});
