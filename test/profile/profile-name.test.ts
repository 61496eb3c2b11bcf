import { describe, expect, it } from 'vitest';
import { checkNewName, checkProfileName } from '../../src/profile/profile-name.js';

describe('a new profile', () => {
  it.each(['con', 'CON', 'nul.txt', 'Aux', 'prn.', 'com1', 'COM9.log', 'lpt0', 'work.', 'a..'])(
    'is not called %s, which is another name, or none, on Windows',
    (name) => {
      expect(() => checkNewName(checkProfileName(name), [])).toThrow(
        expect.objectContaining({ code: 'config_invalid', message: expect.stringContaining(name) }),
      );
    },
  );

  it.each(['console', 'con-1', 'nul1', 'com10', 'lpt', 'work.v2', 'default'])('may be called %s', (name) => {
    expect(() => checkNewName(checkProfileName(name), ['alice'])).not.toThrow();
  });

  it.each([
    ['Alice', 'alice'],
    ['Default', 'default'],
  ])('is not called %s beside %s', (name, other) => {
    expect(() => checkNewName(name, ['alice'])).toThrow(
      expect.objectContaining({ code: 'config_invalid', message: expect.stringContaining(other) }),
    );
  });

  it.each(['work ', ' work', 'wörk', 'a/b', '..', '', '\u212Aelvin'])(
    'has a name of plain letters: not %j',
    (name) => {
      expect(() => checkProfileName(name)).toThrow(expect.objectContaining({ code: 'config_invalid' }));
    },
  );
});

it('a profile that is there keeps its name', () => {
  expect(() => checkNewName('con', ['con'])).not.toThrow();
  expect(() => checkNewName('Alice', ['alice', 'Alice'])).not.toThrow();
});
