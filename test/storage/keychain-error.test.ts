import { describe, expect, it } from 'vitest';
import { keychainError } from '../../src/storage/keychain-error.js';

describe('keychainError', () => {
  it.each([
    ['Cannot create an item in a locked collection', 'storage_locked'],
    ['User interaction is not allowed.', 'storage_locked'],
    ['The user name or passphrase you entered is not correct.', 'storage_locked'],
    ['Secret Service: unlock prompt was dismissed', 'storage_locked'],
    ['Cannot autolaunch D-Bus without X11 $DISPLAY', 'storage_unavailable'],
    ['Failed to execute child process “dbus-launch” (No such file or directory)', 'storage_unavailable'],
    ['Could not connect: Connection refused', 'storage_unavailable'],
    ['The name org.freedesktop.secrets was not provided by any .service files', 'storage_unavailable'],
    ['Object does not exist at path “/org/freedesktop/secrets/collection/login”', 'storage_unavailable'],
    ['libsecret-1.so.0: cannot open shared object file: No such file or directory', 'storage_unavailable'],
    ['/x/keytar/prebuilds/linux-riscv64/keytar.node: cannot open shared object file', 'storage_unavailable'],
    ['Timeout was reached', 'storage_unavailable'],
    ['Message recipient disconnected from message bus without replying', 'storage_failed'],
    ['The session wrapping the secret does not exist', 'storage_failed'],
    ['Object does not exist at path “/org/freedesktop/secrets/collection/login/17”', 'storage_failed'],
    ['The stub received bad data.', 'storage_failed'],
    ['its process ended by itself (SIGSEGV)', 'storage_failed'],
  ])('takes "%s" for %s', (said, code) => {
    const error = keychainError(said);
    expect(error).toMatchObject({ code, message: expect.stringContaining(said) });
    expect(error.hint).toContain('--storage file (LOGTO_CLI_STORAGE=file)');
  });

  it('keeps what the keychain says on one line, without control characters, and short', () => {
    const { message } = keychainError(`two\r\nlines \u001b[31m\u202e ${'x'.repeat(1000)}`);
    expect(message).toMatch(/^The keychain failed: two lines \[31m x+$/);
    expect(message.length).toBeLessThan(400);
  });
});
