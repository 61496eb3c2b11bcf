import { describe, expect, it } from 'vitest';
import type { LogtoConfig } from '../src/client/logto-config.js';
import { type ErrorCode, exitCodeOf, LogtoError } from '../src/errors.js';

describe('the exit code of a failure', () => {
  it('is that of its code', () => {
    expect(exitCodeOf(new LogtoError('access_denied', 'No.', 'Ask.'))).toBe(5);
    expect(exitCodeOf('access_denied')).toBe(5);
    expect(exitCodeOf('sign_in_timeout')).toBe(124);
  });

  it('follows the signal of an interruption', () => {
    expect(exitCodeOf('interrupted')).toBe(130);
    expect(exitCodeOf(new LogtoError('interrupted', 'Ended.', '', { signal: 'SIGTERM' }))).toBe(143);
  });

  it('of a command that cannot be run is that of a shell', () => {
    expect(exitCodeOf(new LogtoError('usage_invalid', '', '', { reason: 'not_found' }))).toBe(127);
    expect(exitCodeOf(new LogtoError('usage_invalid', '', '', { reason: 'not_started' }))).toBe(126);
    expect(exitCodeOf(new LogtoError('id_token_invalid', '', '', { reason: 'not_found' }))).toBe(6);
    expect(exitCodeOf(new LogtoError('usage_invalid', '', '', { reason: 'constructor' }))).toBe(2);
  });

  it('of any other error is that of a bug', () => {
    expect(exitCodeOf(new TypeError('x'))).toBe(1);
  });

  it('is asked of an error or a code, and of nothing else', () => {
    const refused = () => {
      // @ts-expect-error a text is no code
      exitCodeOf('nonsense');
      // @ts-expect-error nothing failed
      exitCodeOf(undefined);
      // @ts-expect-error nothing failed
      exitCodeOf(null);
      // @ts-expect-error an exit code is no failure
      exitCodeOf(2);
      // @ts-expect-error what was thrown may be anything
      exitCodeOf({} as unknown);
      // @ts-expect-error a document is no error
      exitCodeOf({ code: 'access_denied' as ErrorCode });
    };
    expect(refused).toBeTypeOf('function');
  });
});

describe('an error of a code', () => {
  const failure: LogtoError = new LogtoError('port_in_use', 'Taken.', 'End it.', { port: 3000, pid: 7 });

  it('is known by it, and its details by name', () => {
    const port: number | undefined = failure.is('port_in_use') ? failure.details?.port : undefined;
    expect(port).toBe(3000);
    expect(failure.is('port_in_use')).toBe(true);
    expect(failure.is('access_denied')).toBe(false);
  });
});

describe('a configuration', () => {
  it('names a Logto by its endpoint or any provider by its issuer, and not both or neither', () => {
    const whole: readonly LogtoConfig[] = [
      { endpoint: 'https://tenant.logto.app', appId: 'app' },
      { issuer: 'https://id.example.com', appId: 'app' },
      // @ts-expect-error no provider
      { appId: 'app' },
      // @ts-expect-error two
      { endpoint: 'https://tenant.logto.app', issuer: 'https://id.example.com', appId: 'app' },
    ];
    expect(whole).toHaveLength(4);
  });
});
