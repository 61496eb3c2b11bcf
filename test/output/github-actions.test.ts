import { describe, expect, it } from 'vitest';
import { summaryTable, summaryText, workflowCommand } from '../../src/output/github-actions.js';

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

describe('a text in a job summary', () => {
  it.each([
    'https://evil.test www.evil.test mailto:a@b.test a@b.test',
    '@someone @org/team #123 GH-1 owner/repo#1 owner/repo@1234567 0123456789abcdef0123456789abcdef01234567',
    '| a | `b` | ``` | \\| [l](https://x) ![i](https://x) **b** ~~s~~ :smile: $x^2$ - [ ] a',
    '</code></td></table><img src=x onerror=alert(1)> <!-- &amp; &#64; -->',
    'a\n\n# title\r\n\n- item\u2028\u0085',
  ])('is code, in which nothing becomes a link, and no markup: %j', (text) => {
    const shown = summaryText(text);
    const [, inside = ''] = /^<code>(.*)<\/code>$/.exec(shown) ?? [];
    expect(inside).not.toMatch(/[<>"'`\p{Cc}\u2028]/u);
    const read = inside.replace(/&#(\d+);/g, (_, code) => String.fromCodePoint(Number(code)));
    expect(read).toBe(text.replace(/[\p{Cc}\u2028]/gu, ' '));
    expect(inside.replace(/&#\d+;/g, '')).not.toContain('&');
  });

  it('is nothing where it is empty', () => {
    expect(summaryText('')).toBe('');
  });

  it('stands in a table of HTML, which no line ends', () => {
    const lines = summaryTable(
      ['A', 'B'],
      [
        ['x\n\ny', ''],
        ['', '|'],
      ],
    );
    expect(lines).toEqual([
      '<table>',
      '<tr><th>A</th><th>B</th></tr>',
      '<tr><td><code>x  y</code></td><td></td></tr>',
      '<tr><td></td><td><code>|</code></td></tr>',
      '</table>',
    ]);
  });
});
