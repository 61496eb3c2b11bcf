import { LogtoError } from '../errors.js';

const otherKind = 'keep the tokens in a file that only you can read: --storage file (LOGTO_CLI_STORAGE=file)';

/** What keychains say, from the most telling to the least; found by running into each. */
const meanings: readonly (readonly [
  said: RegExp,
  code: 'storage_unavailable' | 'storage_locked',
  hint: string,
])[] = [
  [
    /locked collection|is locked|prompt was dismissed|interaction is not allowed|no UI possible|user cancell?ed|passphrase you entered/i,
    'storage_locked',
    `Unlock the keychain (on macOS: security unlock-keychain; on Linux: sign in to the desktop, or gnome-keyring-daemon --unlock), or ${otherKind}.`,
  ],
  [
    /libsecret|libglib/,
    'storage_unavailable',
    `Install libsecret (apt install libsecret-1-0, dnf install libsecret, pacman -S libsecret), or ${otherKind}.`,
  ],
  [
    /keytar is not installed/,
    'storage_unavailable',
    `Install this program again with its optional dependencies (npm install --include=optional), or ${otherKind}.`,
  ],
  [
    /keytar\.node|keytar did not load|its process did not start/,
    'storage_unavailable',
    `There is no keychain library that runs on this system, so ${otherKind}.`,
  ],
  // What GDBus says of an address that names no bus, of one that nobody serves, and of one that serves something else.
  [
    /given address is empty|address element|error in address|unsupported (transport|key)|address entry|not a valid D-Bus address/i,
    'storage_unavailable',
    `DBUS_SESSION_BUS_ADDRESS is not the address of a D-Bus session: unset it, run from a desktop session or under dbus-run-session, or ${otherKind}.`,
  ],
  [
    /auto-?launch|dbus-launch|could not connect|error resolving|sending credentials|error (sending|receiving) data|authentication mechanisms|WaitingFor|trying to read a line|nonce file|spawn a message bus|determine (session )?bus address|session bus not running/i,
    'storage_unavailable',
    `There is no D-Bus session here: run from a desktop session or under dbus-run-session, or ${otherKind}.`,
  ],
  [
    /maximum number of active connections|LimitsExceeded/,
    'storage_unavailable',
    `The D-Bus session takes no further connection: end programs that hold them, or ${otherKind}.`,
  ],
  [
    /rejected send message|policy prevents/i,
    'storage_unavailable',
    `A policy of this machine forbids the keyring service: ask whoever looks after it, or ${otherKind}.`,
  ],
  [
    /not provided by any \.service|StartServiceByName|has no owner|NameHasNoOwner|ServiceUnknown|activat|unit \S+ not found|NoSuchUnit|no such interface .org\.freedesktop\.Secret\.Service|org\.freedesktop\.secrets/i,
    'storage_unavailable',
    `Install and start a keyring service (apt install gnome-keyring, or KWallet or KeePassXC with its Secret Service on), or ${otherKind}.`,
  ],
  [
    /does not exist at path .*\/(login|default)\W*$|no such secret collection|keychain could not be found|no keychain is available|no such keychain/i,
    'storage_unavailable',
    `There is no keyring yet: make one (sign in to the desktop once, or gnome-keyring-daemon --unlock), or ${otherKind}.`,
  ],
  [
    /logon session does not exist/i,
    'storage_unavailable',
    `Windows keeps credentials for a desktop session only, not for one over SSH or of a service, so ${otherKind}.`,
  ],
  [
    /timeout was reached|timed out|access ?denied|apparmor|not permitted/i,
    'storage_unavailable',
    `Restart the keychain service, or ${otherKind}.`,
  ],
];

/** What the keychain's own words mean: cannot be used, locked, or (`storage_failed`) broken in the middle. */
export function keychainError(said: string): LogtoError {
  const text = said
    .replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ')
    .trim()
    .slice(0, 300);
  const [, code, hint] = meanings.find(([pattern]) => pattern.test(text)) ?? [];
  if (code === undefined || hint === undefined) {
    return new LogtoError('storage_failed', `The keychain failed: ${text}`, `Try again, or ${otherKind}.`);
  }
  const what = code === 'storage_locked' ? 'The keychain is locked' : 'The keychain cannot be used';
  return new LogtoError(code, `${what}: ${text}`, hint);
}

/** The keychain did not answer in time. */
export function keychainSilent(milliseconds: number): LogtoError {
  return new LogtoError(
    'storage_unavailable',
    `The keychain did not answer within ${milliseconds / 1000} s.`,
    `Answer its prompt if there is one, restart the keychain service, or ${otherKind}.`,
    { limitSeconds: milliseconds / 1000 },
  );
}
