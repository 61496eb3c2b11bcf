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
    ['User interaction is not possible: in dark wake, no UI possible', 'storage_locked'],
    ['A default keychain could not be found.', 'storage_unavailable'],
    ['A specified logon session does not exist. It may already have been terminated.', 'storage_unavailable'],
    ['The maximum number of active connections for UID 0 has been reached', 'storage_unavailable'],
    ['Rejected send message, 2 matched rules; type="method_call", sender=":1.0"', 'storage_unavailable'],
    ['Could not activate remote peer: unit failed', 'storage_unavailable'],
    ['The name is not activatable', 'storage_unavailable'],
    ['Unit dbus-org.freedesktop.secrets.service not found.', 'storage_unavailable'],
    ['GDBus.Error:org.freedesktop.DBus.Error.ServiceUnknown: no', 'storage_unavailable'],
    ['Process org.freedesktop.secrets exited with status 1', 'storage_unavailable'],
    ['No such interface “org.freedesktop.Secret.Service” on object at path /', 'storage_unavailable'],
    ['The connection is closed', 'storage_failed'],
    ['Error sending message: Broken pipe', 'storage_failed'],
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

  it.each([
    'The given address is empty',
    'Address element “nonsense” does not contain a colon (:)',
    'Key/Value pair 0, “bar”, in address element “foo:bar” does not contain an equal sign',
    'Unknown or unsupported transport “launchd” for address “launchd:env=X”',
    'Error in address “unix:” — the unix transport requires exactly one of the keys “path” or “abstract” to be set',
    'Error in address “tcp:host=127.0.0.1,port=x” — the port attribute is missing or malformed',
    'Error unescaping key or value in Key/Value pair 0, “path=%zz”, in address element “unix:path=%zz”',
    'Meaningless key/value pair combination in address entry “unix:path=/x,abstract=y”',
    'Unsupported key “x” in address entry “unix:x=y”',
  ])('names the variable with the address of the bus where it says "%s"', (said) => {
    expect(keychainError(said)).toMatchObject({
      code: 'storage_unavailable',
      hint: expect.stringContaining('DBUS_SESSION_BUS_ADDRESS'),
    });
  });

  it.each([
    'Could not connect: Permission denied',
    'Could not connect to 127.0.0.1: Connection refused',
    'Error resolving “nosuchhost.invalid”: Name or service not known',
    'Error sending credentials: Error sending message: Broken pipe',
    'Exhausted all available authentication mechanisms (tried: EXTERNAL) (available: EXTERNAL)',
    "In WaitingForReject: Expected 'REJECTED am1 am2 ... amN', got 'HTTP/1.1 400 Bad'",
    'Unexpected lack of content trying to read a line',
    'Error receiving data: Connection reset by peer',
    'Error auto-launching: Cannot autolaunch D-Bus without X11 $DISPLAY',
    'Cannot spawn a message bus without a machine-id: Unable to load /etc/machine-id',
    'Error spawning command line “dbus-launch --autolaunch=1”: Child process exited with code 1',
  ])('misses the bus where it says "%s"', (said) => {
    expect(keychainError(said)).toMatchObject({
      code: 'storage_unavailable',
      hint: expect.stringContaining('There is no D-Bus session here'),
    });
  });

  it('keeps what the keychain says on one line, without control characters, and short', () => {
    const { message } = keychainError(`two\r\nlines \u001b[31m\u202e ${'x'.repeat(1000)}`);
    expect(message).toMatch(/^The keychain failed: two lines \[31m x+$/);
    expect(message.length).toBeLessThan(400);
  });
});
