import { homedir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { machineDirectories } from '../../src/cli/directories.js';

const home = (...parts: string[]) => join(homedir(), ...parts);

describe('the directories of the program', () => {
  it.each(['linux', 'darwin', 'win32'] as const)('are all under LOGTO_CLI_HOME on %s', (platform) => {
    const environment = { LOGTO_CLI_HOME: '/own', XDG_CONFIG_HOME: '/xdg', APPDATA: '/roaming' };
    const directories = Object.values(machineDirectories(environment, platform));
    for (const directory of directories) expect(`${directory}/`.replaceAll('\\', '/')).toMatch(/^\/own\//);
  });

  it('are in a home with a blank in its name, to the letter', () => {
    expect(machineDirectories({ LOGTO_CLI_HOME: ' /own ' }, 'linux').config).toBe(' /own ');
  });

  it('are those of XDG on Linux', () => {
    const environment = {
      XDG_CONFIG_HOME: '/c',
      XDG_DATA_HOME: '/d',
      XDG_STATE_HOME: '/s',
      XDG_CACHE_HOME: '/k',
    };
    expect(machineDirectories(environment, 'linux')).toEqual({
      config: '/c/logto-cli',
      sessions: '/d/logto-cli/sessions',
      locks: '/s/logto-cli/locks',
      cache: '/k/logto-cli',
    });
  });

  it.each([
    {},
    { LOGTO_CLI_HOME: '  ' },
    { LOGTO_CLI_HOME: '\t\n' },
    { LOGTO_CLI_HOME: '', XDG_CONFIG_HOME: '', XDG_DATA_HOME: '', XDG_STATE_HOME: '', XDG_CACHE_HOME: '' },
    { XDG_CONFIG_HOME: 'c', XDG_DATA_HOME: './d', XDG_STATE_HOME: '../s', XDG_CACHE_HOME: 'k' },
  ])(
    'are the usual ones where variables are absent or blank, or those of XDG relative: %j',
    (environment) => {
      expect(machineDirectories(environment, 'linux')).toEqual({
        config: home('.config', 'logto-cli'),
        sessions: home('.local', 'share', 'logto-cli', 'sessions'),
        locks: home('.local', 'state', 'logto-cli', 'locks'),
        cache: home('.cache', 'logto-cli'),
      });
    },
  );

  it('are in the Library on macOS, whatever XDG says', () => {
    const { config, sessions, cache } = machineDirectories({ XDG_CONFIG_HOME: '/xdg' }, 'darwin');
    expect(config).toBe(home('Library', 'Application Support', 'logto-cli'));
    expect(sessions).toBe(home('Library', 'Application Support', 'logto-cli', 'sessions'));
    expect(cache).toBe(home('Library', 'Caches', 'logto-cli'));
  });

  it('keep tokens off the roaming profile on Windows', () => {
    const environment = { APPDATA: '/roaming', LOCALAPPDATA: '/local' };
    const { config, sessions, locks, cache } = machineDirectories(environment, 'win32');
    expect(config).toMatch(/^\/roaming/);
    for (const directory of [sessions, locks, cache]) expect(directory).toMatch(/^\/local/);
  });

  it('never are the working directory, nor one that every user can write to', () => {
    for (const platform of ['linux', 'darwin', 'win32'] as const) {
      for (const directory of Object.values(machineDirectories({}, platform))) {
        expect(directory.startsWith(homedir())).toBe(true);
      }
    }
  });
});
