import { describe, expect, it } from 'vitest';
import { asciiMarks, hasUnicodeMarks } from '../../src/output/marks.js';

describe('marks beyond ASCII', () => {
  it.each<[boolean, NodeJS.Platform, Record<string, string>]>([
    [true, 'linux', { LANG: 'en_US.UTF-8' }],
    [true, 'linux', { LANG: 'C.utf8' }],
    [false, 'linux', { LANG: 'C' }],
    [false, 'linux', { LANG: 'POSIX' }],
    [false, 'linux', { LANG: 'de_DE.ISO-8859-1' }],
    [false, 'linux', {}],
    [false, 'linux', { LANG: '' }],
    [false, 'linux', { LC_ALL: 'C', LC_CTYPE: 'C.UTF-8', LANG: 'C.UTF-8' }],
    [true, 'linux', { LC_ALL: '', LC_CTYPE: 'C.UTF-8', LANG: 'C' }],
    [true, 'darwin', {}],
    [false, 'darwin', { LC_ALL: 'C' }],
    [true, 'win32', { WT_SESSION: 'x' }],
    [true, 'win32', { TERM_PROGRAM: 'vscode' }],
    [false, 'win32', {}],
  ])('are shown: %s on %s with %j', (shown, platform, environment) => {
    expect(hasUnicodeMarks(environment, platform)).toBe(shown);
  });

  it('become ASCII, and nothing else does', () => {
    expect(asciiMarks('✓ ✗ → • “a” ‘b’ … – — · ‹c› ä 李')).toBe('+ x -> * "a" \'b\' ... - - - <c> ä 李');
  });
});
