import { isIP } from 'node:net';

/** Why the browser that people use may be on another machine than this program, with what is known of the way there. */
export type FarBrowser =
  /** The user, address and port that this machine was reached by, where they are known. */
  | { readonly kind: 'ssh'; readonly user?: string; readonly host?: string; readonly port?: number }
  | { readonly kind: 'codespaces'; readonly name?: string }
  | { readonly kind: 'wsl' }
  | { readonly kind: 'container' };

/** What tells where this program runs. */
export interface BrowserPlaceOptions {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
  /** Whether there is such a file. */
  readonly exists: (path: string) => boolean;
}

/** Where the browser is likely to be elsewhere; `null` where nothing says so. */
export function farBrowser({ environment, platform, exists }: BrowserPlaceOptions): FarBrowser | null {
  const has = (name: string) => (environment[name] ?? '') !== '';
  if (environment['CODESPACES'] === 'true') {
    const name = environment['CODESPACE_NAME'] ?? '';
    return { kind: 'codespaces', ...(name !== '' && { name }) };
  }
  if (has('SSH_CONNECTION')) return sshPlace(environment);
  if (platform !== 'linux') return null;
  if (has('WSL_DISTRO_NAME') || has('WSL_INTEROP')) return { kind: 'wsl' };
  const isContainer =
    ['container', 'KUBERNETES_SERVICE_HOST', 'REMOTE_CONTAINERS'].some(has) ||
    ['/.dockerenv', '/run/.containerenv'].some(exists);
  return isContainer ? { kind: 'container' } : null;
}

/** `SSH_CONNECTION` is the client's address and port, then ours (sshd, ENVIRONMENT). */
function sshPlace(environment: BrowserPlaceOptions['environment']): FarBrowser {
  const [, , host = '', port = ''] = (environment['SSH_CONNECTION'] ?? '').trim().split(/ +/);
  const user = environment['USER'] || environment['LOGNAME'] || '';
  const number = /^\d{1,5}$/.test(port) ? Number(port) : 22;
  return {
    kind: 'ssh',
    ...(user !== '' && { user }),
    ...(isIP(host) !== 0 && { host }),
    ...(number !== 22 && { port: number }),
  };
}
