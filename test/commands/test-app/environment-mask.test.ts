import { describe, expect, it } from 'vitest';
import { environmentMask, lastLines } from '../../../src/commands/test-app/environment-mask.js';

describe('what an application is heard to say', () => {
  it('holds nothing of its environment that could be a secret, whatever its variable is called', () => {
    const hide = environmentMask(
      {
        SESSION_SECRET: 'abc def ghi',
        MONGO: 'mongodb://app:pa55@db/app',
        WEBHOOK: 'https://hooks.example/services/T000/B000',
        SALT: 'correct-horse-1',
        API_KEY: 'short',
        PASSWORD: '/home/of/no/file',
      },
      ['FLAG_ONE=given-by-flag', 'ISSUER={issuer}'],
    );
    const said =
      'abc%20def%20ghi mongodb://app:pa55@db/app https://hooks.example/services/T000/B000 correct-horse-1 /home/of/no/file given-by-flag';
    expect(hide(said)).toBe(Array.from({ length: 6 }, () => '‹redacted›').join(' '));
  });

  it('keeps what stands everywhere: places, hosts, how it runs', () => {
    const environment = {
      HOME: '/home/somebody',
      VIRTUAL_ENV: '/home/somebody/venv',
      LOGTO_ENDPOINT: 'http://localhost:3001',
      NODE_ENV: 'production',
      MODE: 'development',
      USER: 'somebody',
      npm_package_name: 'shop-front',
      TERM: 'xterm-256color',
      API_KEY: 'short',
    };
    const said = Object.values(environment).join(' ');
    expect(environmentMask(environment)(said)).toBe(said);
  });

  it('is told in few lines, and short ones', () => {
    const told = lastLines(`${'line\n'.repeat(30)}${'x'.repeat(1000)}\r\nthe end\n\n`);
    expect(told).toHaveLength(15);
    expect(told.at(-1)).toBe('the end');
    expect(told.at(-2)?.length).toBe(301);
    expect(lastLines(' \n')).toEqual([]);
  });

  it.each([
    'TypeError: fetch failed',
    'java.lang.IllegalStateException: no',
    'Traceback (most recent call last):',
    'panic: runtime error',
    'Error [ERR_MODULE_NOT_FOUND]: x',
  ])('begins with what failed, where much follows it: %s', (failure) => {
    const told = lastLines(`listening\n${failure}\n${'    at somewhere\n'.repeat(40)}`);
    expect(told).toHaveLength(15);
    expect(told[0]).toBe(failure);
    expect(lastLines(`a\nb\n${failure}\n    at c`)).toEqual(['a', 'b', failure, '    at c']);
  });
});
