import type { Explanations } from './explanation.js';

/** Exit code 8: where tokens are kept. */
export const storageErrors = {
  storage_unavailable: {
    meaning:
      'There is no place to keep tokens in: no keychain that answers, or a directory that cannot be written, or not by this user alone.',
    causes: [
      {
        cause:
          'Linux without a desktop (server, container, CI, SSH) has no D-Bus session or no keyring service.',
        tell: 'The message speaks of D-Bus or `org.freedesktop.secrets`; `printenv DBUS_SESSION_BUS_ADDRESS` prints nothing.',
        fix: 'Keep the tokens in a file that only you can read: `--storage file`, or `LOGTO_CLI_STORAGE=file`. A keyring there needs `gnome-keyring` and `dbus-run-session`.',
      },
      {
        cause: 'The library of the Linux keychain is not installed.',
        tell: 'The message names `libsecret-1.so.0`.',
        fix: '`apt install libsecret-1-0`, `dnf install libsecret` or `pacman -S libsecret`. Or `--storage file`.',
      },
      {
        cause:
          'There is no keychain library for this system (Alpine and other musl, 32-bit ARM), or it was not installed.',
        tell: 'The message names `keytar`; `cat /etc/os-release` and `uname -m` tell the system.',
        fix: '`--storage file`. Where it is only missing: `npm install --global --include=optional logto-cli`.',
      },
      {
        cause: 'The keychain asks for something and nobody answers, or its service hangs.',
        tell: 'The message says "did not answer within". A prompt may be behind other windows, or on the screen of that machine while you use SSH.',
        fix: 'Answer it (on macOS "Always Allow"). Else restart the service: `systemctl --user restart gnome-keyring-daemon`.',
      },
      {
        cause:
          'The directory cannot be written: another owner (after `sudo`), read-only, or shared by everybody.',
        tell: 'The message says `EACCES`, `EPERM` or `EROFS` and the path; `ls -ld <directory>` shows whose it is.',
        fix: 'Make it yours: `sudo chown -R "$(id -un)" <directory>`. Or choose another: `LOGTO_CLI_HOME=<directory>`.',
      },
      {
        cause:
          'Another user of this machine could have put something there: a directory or file is theirs, or they may write to it.',
        tell: 'The message says "belongs to another user" or "may write to", and the path; `ls -ld <path>` shows whose it is, and its mode.',
        fix: 'If it is yours, run the command in the hint (`chmod go-w <path>`, `chown <you> <path>`). If you did not put it there, remove it. Root is trusted, a group is not.',
      },
      {
        cause:
          'The desktop has no keyring yet, or the package of the terminal (snap, flatpak) may not use it.',
        tell: 'The message says "does not exist at path" or "access denied".',
        fix: 'Sign in to the desktop once, or make one in "Passwords and Keys". `snap connect <snap>:password-manager-service` allows a snap.',
      },
    ],
    seeAlso: ['storage_locked', 'storage_failed'],
  },
  storage_locked: {
    meaning: 'The keychain is there and locked: nothing can be read or written now.',
    causes: [
      {
        cause: 'On macOS, an SSH session or a background job has no unlocked login keychain.',
        tell: 'The message says "User interaction is not allowed"; `printenv SSH_CONNECTION` prints something.',
        fix: '`security unlock-keychain` in the same session. For jobs: `--storage file`.',
      },
      {
        cause:
          'On Linux nobody typed the password of the keyring: automatic login, SSH, `sudo`, or its service was restarted.',
        tell: 'The message says "locked collection", and other programs ask for the keyring too.',
        fix: 'Sign in to the desktop with the password, or open "Passwords and Keys". Without a display: `gnome-keyring-daemon --unlock` reads the password from standard input.',
      },
      {
        cause: 'The prompt was dismissed, or the password in it was wrong.',
        tell: 'A window asked for it; the message says "dismissed" or "cancelled".',
        fix: 'Run the command again and answer it.',
      },
    ],
    seeAlso: ['storage_unavailable', 'not_signed_in'],
  },
  storage_corrupt: {
    meaning: 'What is stored is damaged, foreign, or was written by a newer version of this program.',
    causes: [
      {
        cause: 'A newer version of this program wrote it.',
        tell: 'The message says so; `logto-cli --version` differs from that of another installation (`which -a logto-cli`, `npx`).',
        fix: '`npm install --global logto-cli@latest`, or sign in again with this version.',
      },
      {
        cause: 'The file was edited, cut off or restored from elsewhere.',
        tell: 'The message has its path; `wc -c <path>` shows its size.',
        fix: 'Remove that file, then `logto-cli sign-in`.',
      },
      {
        cause: 'Another program changed the entry `logto-cli` of the keychain; on Windows, one of its parts.',
        tell: 'The message says "damaged or foreign", or that the parts do not belong together.',
        fix: '`logto-cli sign-in` replaces it; `logto-cli sign-out --local` removes it.',
      },
    ],
    seeAlso: ['storage_failed', 'config_invalid'],
  },
  storage_failed: {
    meaning: 'The storage could be used, and broke in the middle.',
    causes: [
      {
        cause: 'The disk or the quota is full.',
        tell: 'The message says `ENOSPC` or `EDQUOT`; `df -h <directory>` shows it. Where it was the answer of a refresh, the message also says what became of the session.',
        fix: 'Free some space and run it again, or choose another disk: `LOGTO_CLI_HOME=<directory>`. A session that is lost needs `logto-cli sign-in`.',
      },
      {
        cause: 'The service of the keychain crashed or was restarted.',
        tell: 'The message quotes it; the same command works a moment later.',
        fix: 'Run it again. If it persists: `--storage file`.',
      },
      {
        cause: 'The disk fails, or the network file system went away.',
        tell: 'The message says `EIO` or `ESTALE`; other programs fail on that disk too.',
        fix: 'Choose a local disk: `LOGTO_CLI_HOME=<directory>`.',
      },
      {
        cause:
          'Programs with different homes write one entry of the keychain: the lock between them is in the home.',
        tell: 'The message says that other processes kept changing the value; they have another `LOGTO_CLI_HOME`, and the same profile.',
        fix: 'Give each its own `--profile <name>`, or all of them one `LOGTO_CLI_HOME`.',
      },
    ],
    details: {
      session:
        'of a refresh whose answer had no room: `kept`, where the session goes on by its new refresh token, without the other new tokens; `lost`, where even that was not kept',
    },
    seeAlso: ['storage_unavailable', 'storage_corrupt'],
  },
  lock_timeout: {
    meaning: 'Another process held the lock of this profile for 45 seconds.',
    causes: [
      {
        cause: 'It waits for a prompt of the keychain, or for a slow provider.',
        tell: 'The message has its process id: `ps -fp <pid>` shows what it is.',
        fix: 'Answer the prompt or wait; else end it with `kill <pid>`. Then try again.',
      },
      {
        cause: 'It is stopped: Ctrl-Z, or a debugger.',
        tell: '`ps -o stat= -p <pid>` begins with `T` or `t`.',
        fix: '`fg` in its terminal, or `kill -CONT <pid>`.',
      },
      {
        cause: 'It runs in another container or on another machine that shares the home.',
        tell: 'The message says "another process", and `LOGTO_CLI_HOME` is on a shared volume.',
        fix: 'Look for it there. Give independent jobs a `LOGTO_CLI_HOME` or a `--profile` of their own.',
      },
    ],
    seeAlso: ['storage_unavailable', 'request_timeout'],
  },
} satisfies Explanations;
