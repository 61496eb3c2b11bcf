import type { FarBrowser } from '../../browser/browser-place.js';
import { portOf } from '../../local-address.js';
import { shellWord, shellWords } from '../../shell-word.js';

/** Where a callback is waited for, and what else may be done. */
export interface FarCallback {
  /** The redirect URI, its port the one that the browser uses. */
  readonly redirectUri: string;
  /** Where this program listens, where that is another port. */
  readonly port?: number;
  /** Whether this program listens to other machines, too. */
  readonly isOpen?: boolean;
  /** Whether the address that the browser ends on can be pasted here. */
  readonly canPaste: boolean;
}

/** What whoever signs in has to know before the wait, where the browser may be elsewhere. */
export function farBrowserWords(place: FarBrowser, callback: FarCallback): string {
  const { host, hostname } = new URL(callback.redirectUri);
  const port = Number(portOf(callback.redirectUri));
  const paste = callback.canPaste
    ? 'Or paste here the address that the browser ends on when it fails to reach it.'
    : 'Or hand the address that the browser ends on to --callback-stdin.';
  switch (place.kind) {
    case 'ssh': {
      const { user, host: name } = place;
      const to =
        name === undefined ? '<this machine>' : shellWord(user === undefined ? name : `${user}@${name}`);
      const by = place.port === undefined ? [] : ['-p', String(place.port)];
      const way = shellWord(`${port}:${hostname}:${callback.port ?? port}`);
      const command = ['ssh', ...by, '-L', way, to].join(' ');
      return `This is an SSH session: a browser on your own machine does not reach ${host} here. Forward the port first, there: ${command} (with the name that you connected to, where this one is not reached from there). ${paste}`;
    }
    case 'codespaces': {
      const name = place.name === undefined ? '<name>' : shellWord(place.name);
      const ports = `${callback.port ?? port}:${port}`;
      const command = ['gh codespace ports forward', ports, '--codespace', name].join(' ');
      return `This is a codespace: a browser on your own machine does not reach ${host} here, unless VS Code forwards the port. Forward it first, there: ${command}. ${paste}`;
    }
    case 'wsl':
      return `This is WSL: a browser on Windows mostly reaches ${host} here. ${paste}`;
    case 'container': {
      const published = `-p 127.0.0.1:${port}:${callback.port ?? port}`;
      if (callback.isOpen)
        return `This is a container: a browser outside reaches ${host} here where the port is published (${published} of docker run). ${paste}`;
      const own = callback.port === undefined ? [] : ['--port', String(callback.port)];
      const flags = shellWords(['--listen', '0.0.0.0', '--redirect-uri', callback.redirectUri, ...own]);
      return `This is a container: a browser outside does not reach ${host} here, unless it was started with docker run --network host (on Linux), or with ${published} and LOGTO_CLI_ALLOW_NON_LOOPBACK=1, and this command has ${flags}. ${paste}`;
    }
  }
}
