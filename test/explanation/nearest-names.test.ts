import { describe, expect, it } from 'vitest';
import { nearestNames } from '../../src/explanation/nearest-names.js';

const names = ['set', 'show', 'scope', 'token', 'whoami', 'sign-in', 'sign-out', 'storage_locked', 'profile'];

describe('a slip of the hand', () => {
  it.each([
    ['sets', ['set']],
    ['hsow', ['show']],
    ['scpoe', ['scope']],
    ['scop', ['scope']],
    ['whomai', ['whoami']],
    ['woami', ['whoami']],
    ['sing-in', ['sign-in']],
    ['proflie', ['profile']],
    ['stroage_loked', ['storage_locked']],
    ['set', ['set']],
  ])('%s is one for %j', (word, meant) => {
    expect(nearestNames(word, names)).toEqual(meant);
  });

  it.each(['nope', 'hope', 'shoot', 'bogus', 'storage_is_full', 'constructor', '', 'x'])(
    '%j is none',
    (word) => {
      expect(nearestNames(word, names)).toEqual([]);
    },
  );

  it('is one for all that are as near, each once', () => {
    expect(nearestNames('sign-it', [...names, 'sign-up', 'sign-in'])).toEqual(['sign-in']);
    expect(nearestNames('sign-i', ['sign-a', 'sign-b', 'sign-a'])).toEqual(['sign-a', 'sign-b']);
  });

  it('does not grow with what every name begins with', () => {
    expect(nearestNames('--nope', ['--scope'])).toEqual(['--scope']);
    expect(nearestNames('--nope', ['--scope', '--rope'], '--')).toEqual(['--rope']);
  });
});
