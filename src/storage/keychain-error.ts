import { LogtoError } from '../errors.js';

const otherKind = 'keep the tokens in a file that only you can read: --storage file (LOGTO_CLI_STORAGE=file)';

/** What keychains say, from the most telling to the least; found by running into each. */
const meanings: readonly (readonly [
  said: RegExp,
  code: 'storage_unavailable' | 'storage_locked',
  hint: string,
])[] = [
  [
    /locked collection|is locked|prompt was dismissed|interaction is not allowed|user cancell?ed|passphrase you entered/i,
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
  [
    /autolaunch|dbus-launch|could not connect/i,
    'storage_unavailable',
    `There is no D-Bus session here: run from a desktop session or under dbus-run-session, or ${otherKind}.`,
  ],
  [
    /not provided by any \.service|StartServiceByName|has no owner|org\.freedesktop\.secrets/,
    'storage_unavailable',
    `Install and start a keyring service (apt install gnome-keyring, or KWallet or KeePassXC with its Secret Service on), or ${otherKind}.`,
  ],
  [
    /does not exist at path .*\/(login|default)\W*$|no such secret collection/i,
    'storage_unavailable',
    `There is no keyring yet: make one (sign in to the desktop once, or gnome-keyring-daemon --unlock), or ${otherKind}.`,
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
  );
}
