import { describe, expect, it } from 'vitest';
import { codeNamed, nearestCodes } from '../../src/explanation/nearest-codes.js';

describe('a code', () => {
  it.each(['clock_skew', 'CLOCK_SKEW', 'clock-skew'])('is found however it is written: %s', (word) => {
    expect(codeNamed(word)).toBe('clock_skew');
  });

  it.each(['clock', '', 'constructor'])('is not guessed: %j', (word) => {
    expect(codeNamed(word)).toBeNull();
  });
});

describe('of an unknown code', () => {
  it.each([
    ['redirect_uri', 'redirect_uri_not_registered'],
    ['clok_skew', 'clock_skew'],
    ['sesion-expird', 'session_expired'],
    ['client_secret_wrong', 'client_secret_missing'],
    ['invalid_redirect_uri', 'sign_in_timeout'],
    ['invalid_grant', 'code_rejected'],
    ['ECONNREFUSED', 'network_unreachable'],
  ])('%s, %s is near', (word, code) => {
    expect(nearestCodes(word)).toContain(code);
  });

  it('the nearest comes first, and there are few', () => {
    expect(nearestCodes('storage_lockd')[0]).toBe('storage_locked');
    expect(nearestCodes('invalid').length).toBeLessThanOrEqual(5);
  });

  it.each([
    ['port', ['port_in_use']],
    ['uri', ['redirect_uri_not_registered', 'post_logout_redirect_uri_not_registered']],
    ['regist', ['redirect_uri_not_registered']],
  ])('%s, those that have it at the beginning of a word are near', (word, near) => {
    expect(nearestCodes(word)).toEqual(expect.arrayContaining(near));
  });

  it.each([
    ['port', 'headless_unsupported'],
    ['able', 'sign_in_method_disabled'],
  ])('%s, one that has it within a word is not near: %s', (word, other) => {
    expect(nearestCodes(word)).not.toContain(other);
  });

  it.each(['', 'x', 'qqqqqqqq'])('nothing is near %j', (word) => {
    expect(nearestCodes(word)).toEqual([]);
  });
});
