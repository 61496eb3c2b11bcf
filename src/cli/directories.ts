import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import type { Directories } from '../runtime.js';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The program's directories on this machine: all under `LOGTO_CLI_HOME` when that is set, else where the platform
 * wants them (XDG Base Directory on Linux).
 */
export function machineDirectories(environment: Environment, platform: NodeJS.Platform): Directories {
  const home = environment['LOGTO_CLI_HOME'];
  if (home) {
    return {
      config: home,
      sessions: join(home, 'sessions'),
      locks: join(home, 'locks'),
      cache: join(home, 'cache'),
    };
  }
  const { config, data, state, cache } = baseDirectories(environment, platform);
  const own = (base: string) => join(base, 'logto-cli');
  return {
    config: own(config),
    sessions: join(own(data), 'sessions'),
    locks: join(own(state), 'locks'),
    cache: own(cache),
  };
}

function baseDirectories(environment: Environment, platform: NodeJS.Platform) {
  if (platform === 'darwin') {
    const library = join(homedir(), 'Library');
    const support = join(library, 'Application Support');
    return { config: support, data: support, state: support, cache: join(library, 'Caches') };
  }
  if (platform === 'win32') {
    const roaming = environment['APPDATA'] || join(homedir(), 'AppData', 'Roaming');
    const local = environment['LOCALAPPDATA'] || join(homedir(), 'AppData', 'Local');
    return { config: roaming, data: local, state: local, cache: join(local, 'Temp') };
  }
  // A relative path in these variables is invalid and to be ignored (XDG Base Directory Specification 0.8).
  const xdg = (name: string, otherwise: string) => {
    const value = environment[name];
    return value && isAbsolute(value) ? value : join(homedir(), otherwise);
  };
  return {
    config: xdg('XDG_CONFIG_HOME', '.config'),
    data: xdg('XDG_DATA_HOME', '.local/share'),
    state: xdg('XDG_STATE_HOME', '.local/state'),
    cache: xdg('XDG_CACHE_HOME', '.cache'),
  };
}
