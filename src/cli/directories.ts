import { isAbsolute, join } from 'node:path';
import { LogtoError } from '../errors.js';
import type { Directories } from '../runtime.js';

type Environment = Readonly<Record<string, string | undefined>>;

/** What a platform keeps in different places. */
type Base = 'config' | 'data' | 'state' | 'cache';

/**
 * The program's directories on this machine: all under `LOGTO_CLI_HOME` when that is set, else where the platform
 * wants them (XDG Base Directory on Linux). Each is worked out when it is asked for: a user without a home has none, and
 * is told so where one is needed.
 *
 * @param home tells the user's home, or throws: as `os.homedir` does
 * @throws LogtoError `config_invalid` by a directory that is asked for, with `details.reason` `no_home`
 */
export function machineDirectories(
  environment: Environment,
  platform: NodeJS.Platform,
  home: () => string = systemHome,
): Directories {
  const top = (base: Base) => topDirectory(environment, platform, base, home);
  return {
    get config() {
      return top('config');
    },
    get sessions() {
      return join(top('data'), 'sessions');
    },
    get locks() {
      return join(top('state'), 'locks');
    },
    get cache() {
      return ownHome(environment) === undefined ? top('cache') : join(top('cache'), 'cache');
    },
  };
}

/**
 * The topmost directory that is ours to make on the way to the configuration, the sessions (`data`), the locks (`state`)
 * or the cache.
 *
 * @throws LogtoError `config_invalid` with `details.reason` `no_home`
 */
export function topDirectory(
  environment: Environment,
  platform: NodeJS.Platform,
  base: Base,
  home: () => string = systemHome,
): string {
  return (
    ownHome(environment) ??
    join(baseDirectories(environment, platform, () => homeOf(home))[base](), 'logto-cli')
  );
}

/** The directory that somebody chose. Blanks alone are none, as for every variable: they would name one here. */
function ownHome({ LOGTO_CLI_HOME: home }: Environment): string | undefined {
  return home?.trim() ? home : undefined;
}

/** Where is kept what can be had again; `null` for a user without a home, who does without. */
export function cacheDirectory(environment: Environment, platform: NodeJS.Platform): string | null {
  try {
    return machineDirectories(environment, platform).cache;
  } catch {
    return null;
  }
}

function baseDirectories(environment: Environment, platform: NodeJS.Platform, home: () => string) {
  if (platform === 'darwin') {
    const library = () => join(home(), 'Library');
    const support = () => join(library(), 'Application Support');
    return { config: support, data: support, state: support, cache: () => join(library(), 'Caches') };
  }
  if (platform === 'win32') {
    const roaming = () => environment['APPDATA'] || join(home(), 'AppData', 'Roaming');
    const local = () => environment['LOCALAPPDATA'] || join(home(), 'AppData', 'Local');
    return { config: roaming, data: local, state: local, cache: () => join(local(), 'Temp') };
  }
  // A relative path in these variables is invalid and to be ignored (XDG Base Directory Specification 0.8).
  const xdg = (name: string, otherwise: string) => () => {
    const value = environment[name];
    return value && isAbsolute(value) ? value : join(home(), otherwise);
  };
  return {
    config: xdg('XDG_CONFIG_HOME', '.config'),
    data: xdg('XDG_DATA_HOME', '.local/share'),
    state: xdg('XDG_STATE_HOME', '.local/state'),
    cache: xdg('XDG_CACHE_HOME', '.cache'),
  };
}

/** Asked for where it is needed: with `LOGTO_CLI_HOME` nobody asks. */
function systemHome(): string {
  return process.getBuiltinModule('node:os').homedir();
}

/** An empty or relative home would put secrets into whatever directory the program is run in. */
function homeOf(home: () => string): string {
  const known = tryHome(home);
  if (known !== null && isAbsolute(known)) return known;
  throw new LogtoError(
    'config_invalid',
    'This user has no home directory (HOME is not set to one), so there is no place for configuration, tokens and locks.',
    'Name a directory to keep them in: LOGTO_CLI_HOME=<directory>. Nothing is kept with --storage memory.',
    { reason: 'no_home' },
  );
}

function tryHome(home: () => string): string | null {
  try {
    return home();
  } catch {
    // No HOME and no entry in the password file.
    return null;
  }
}
