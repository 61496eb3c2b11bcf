import { startProgram } from './start-program.js';

/** The machine whose clipboard is meant. */
export interface ClipboardPlace {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
}

/** How long a program may take before it counts as one that has the text, and keeps it for who asks, in milliseconds. */
const patience = 1000;

/**
 * Puts a text into the clipboard, by the first program of the platform that takes it: on its standard input, since a process
 * list shows arguments.
 *
 * @returns the program's name; `null` where none did
 */
export async function copyText(text: string, place: ClipboardPlace): Promise<string | null> {
  for (const [name, ...args] of programsFor(place)) {
    if (await takes(name, args, text, place)) return name;
  }
  return null;
}

function programsFor({ environment, platform }: ClipboardPlace): (readonly [string, ...string[]])[] {
  const has = (name: string) => (environment[name] ?? '') !== '';
  if (platform === 'darwin') return [['pbcopy']];
  if (platform === 'win32') return [['clip.exe']];
  return [
    ...(has('WAYLAND_DISPLAY') ? [['wl-copy'] as const] : []),
    ...(has('DISPLAY')
      ? [['xclip', '-selection', 'clipboard'] as const, ['xsel', '--clipboard', '--input'] as const]
      : []),
    ...(has('WSL_DISTRO_NAME') || has('WSL_INTEROP') ? [['clip.exe'] as const] : []),
  ];
}

async function takes(
  name: string,
  args: readonly string[],
  text: string,
  { environment, platform }: ClipboardPlace,
): Promise<boolean> {
  const child = await startProgram(name, args, {
    environment,
    platform,
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  if ('reason' in child) return false;
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, patience, true);
    const settle = (isTaken: boolean) => {
      clearTimeout(timer);
      resolve(isTaken);
    };
    child.on('error', () => settle(false));
    child.once('exit', (code) => settle(code === 0));
    // It may end without having read it.
    child.stdin?.on('error', () => settle(false));
    child.stdin?.end(text);
    child.unref();
  });
}
