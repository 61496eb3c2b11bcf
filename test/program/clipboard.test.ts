import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, expect, it } from 'vitest';
import { copyText } from '../../src/program/clipboard.js';
import { countedProcesses } from '../support/counted-processes.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

beforeEach(() => countedProcesses.atOnce(1));

/** A folder with programs that write their arguments and their standard input to a file. */
async function programs(...names: readonly string[]): Promise<string> {
  const folder = await temporaryDirectory();
  for (const name of names) {
    const script = `#!/bin/sh\n{ echo "$0 $*"; /bin/cat; } > "${folder}/took"\n`;
    await writeFile(join(folder, name), script, { mode: 0o755 });
  }
  return folder;
}

it.each([
  ['wl-copy', { WAYLAND_DISPLAY: 'wayland-0', DISPLAY: ':0' }, 'linux', ['wl-copy', 'xclip']],
  ['xclip', { DISPLAY: ':0' }, 'linux', ['wl-copy', 'xclip', 'xsel']],
  ['xsel', { DISPLAY: ':0' }, 'linux', ['xsel']],
  ['clip.exe', { WSL_DISTRO_NAME: 'Debian' }, 'linux', ['clip.exe']],
  ['pbcopy', {}, 'darwin', ['pbcopy', 'xclip']],
] as const)(
  '%s gets the text on its standard input, and nothing of it as an argument',
  async (name, environment, platform, there) => {
    const folder = await programs(...there);
    const took = await copyText('https://x.test/?state=s', {
      environment: { ...environment, PATH: folder },
      platform,
    });
    expect(took).toBe(name);
    const [command = '', text] = (await readFile(join(folder, 'took'), 'utf8')).split('\n');
    expect(command).not.toContain('state');
    expect(text).toBe('https://x.test/?state=s');
  },
);

it('is nobody where there is no such program, no display, or one that fails', async () => {
  const folder = await programs('xclip');
  expect(await copyText('x', { environment: { PATH: folder }, platform: 'linux' })).toBeNull();
  const empty = await temporaryDirectory();
  expect(await copyText('x', { environment: { DISPLAY: ':0', PATH: empty }, platform: 'linux' })).toBeNull();
  await writeFile(join(empty, 'xclip'), '#!/bin/sh\nexit 1\n', { mode: 0o755 });
  expect(await copyText('x', { environment: { DISPLAY: ':0', PATH: empty }, platform: 'linux' })).toBeNull();
});
