import { describe, expect, it } from 'vitest';
import { farBrowser } from '../../src/browser/browser-place.js';
import { farBrowserWords } from '../../src/commands/report/far-browser-words.js';

const look = (
  environment: Record<string, string>,
  files: readonly string[] = [],
  platform: NodeJS.Platform = 'linux',
) => farBrowser({ environment, platform, exists: (path) => files.includes(path) });

const ssh = { SSH_CONNECTION: '198.51.100.4 51000 192.0.2.7 22', USER: 'alice' };

describe('where the browser is', () => {
  it.each([
    ['here, as far as anybody knows', {}, [], null],
    ['at the other end of SSH', ssh, [], { kind: 'ssh', user: 'alice', host: '192.0.2.7' }],
    [
      'at the other end of SSH on another port',
      { SSH_CONNECTION: '2001:db8::1 51000 2001:db8::7 2222', LOGNAME: 'bob' },
      [],
      { kind: 'ssh', user: 'bob', host: '2001:db8::7', port: 2222 },
    ],
    ['at the other end of what is no address', { SSH_CONNECTION: '; rm -rf /' }, [], { kind: 'ssh' }],
    [
      'where Codespaces are used',
      { CODESPACES: 'true', CODESPACE_NAME: 'fuzzy-disco', ...ssh },
      ['/.dockerenv'],
      { kind: 'codespaces', name: 'fuzzy-disco' },
    ],
    ['on Windows', { WSL_DISTRO_NAME: 'Debian' }, [], { kind: 'wsl' }],
    ['outside of Docker', {}, ['/.dockerenv'], { kind: 'container' }],
    ['outside of Podman', {}, ['/run/.containerenv'], { kind: 'container' }],
    ['outside of Kubernetes', { KUBERNETES_SERVICE_HOST: '10.0.0.1' }, [], { kind: 'container' }],
  ] as const)('is %s', (_where, environment, files, place) => {
    expect(look(environment, files)).toEqual(place);
  });

  it('is not asked of files on another system', () => {
    expect(look({}, ['/.dockerenv'], 'darwin')).toBeNull();
    expect(look(ssh, [], 'win32')).toMatchObject({ kind: 'ssh' });
  });
});

describe('what is said of that', () => {
  const callback = { redirectUri: 'http://localhost:3000/callback', canPaste: true };

  it('has the exact command for SSH', () => {
    const words = farBrowserWords({ kind: 'ssh', user: 'alice', host: '192.0.2.7' }, callback);
    expect(words).toContain(': ssh -L 3000:localhost:3000 alice@192.0.2.7 (');
    expect(words).toContain('paste here the address');
    const other = { kind: 'ssh', user: 'a b', host: '192.0.2.7', port: 2222 } as const;
    expect(farBrowserWords(other, { ...callback, port: 8080, canPaste: false })).toContain(
      "ssh -p 2222 -L 3000:localhost:8080 'a b@192.0.2.7' (",
    );
    expect(farBrowserWords(other, { ...callback, canPaste: false })).toContain('--callback-stdin');
    expect(farBrowserWords({ kind: 'ssh' }, callback)).toContain(
      'ssh -L 3000:localhost:3000 <this machine> (',
    );
  });

  it('has the exact command for a codespace, and none for what needs none', () => {
    expect(farBrowserWords({ kind: 'codespaces', name: 'fuzzy-disco' }, callback)).toContain(
      ': gh codespace ports forward 3000:3000 --codespace fuzzy-disco.',
    );
    expect(farBrowserWords({ kind: 'wsl' }, callback)).toContain('This is WSL');
  });

  it('has of a container how a published port is listened to, and once it is, how it is published', () => {
    const told = farBrowserWords({ kind: 'container' }, callback);
    expect(told).toContain('docker run --network host');
    expect(told).toContain('-p 127.0.0.1:3000:3000 and LOGTO_CLI_ALLOW_NON_LOOPBACK=1');
    expect(told).toContain('--listen 0.0.0.0 --redirect-uri http://localhost:3000/callback.');
    expect(farBrowserWords({ kind: 'container' }, { ...callback, port: 8080 })).toMatch(
      /-p 127\.0\.0\.1:3000:8080 .* --port 8080\./,
    );
    const open = farBrowserWords({ kind: 'container' }, { ...callback, isOpen: true });
    expect(open).toContain('reaches localhost:3000 here where the port is published');
    expect(open).not.toContain('does not reach');
  });
});
