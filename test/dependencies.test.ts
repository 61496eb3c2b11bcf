import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

interface LockedPackage {
  readonly version?: string;
  readonly dev?: boolean;
  readonly integrity?: string;
  readonly hasInstallScript?: boolean;
}

const lock: { readonly packages: Readonly<Record<string, LockedPackage>> } = JSON.parse(
  readFileSync(new URL('../package-lock.json', import.meta.url), 'utf8'),
);

/** Every package that is a part of the program or installed with it; one that is there in several versions stands here once for each. */
const announced = `
  accepts bundle-name commander content-disposition content-type content-type cookies cross-spawn debug deep-equal default-browser
  default-browser-id define-lazy-prop delegates ee-first encodeurl escape-html fresh http-assert
  http-errors http-errors inherits is-docker is-in-ssh is-inside-container is-wsl isexe jose keygrip keytar koa koa-compose
  media-typer mime-db mime-db mime-types mime-types ms negotiator node-addon-api oauth4webapi oidc-provider on-finished
  open openid-client parseurl path-key powershell-utils run-applescript setprototypeof shebang-command shebang-regex statuses statuses toidentifier tsscmp
  type-is undici uqr vary which wsl-utils zod`
  .trim()
  .split(/\s+/);

const production = Object.entries(lock.packages).filter(([path, { dev }]) => path !== '' && dev !== true);
const nameOf = (path: string) => path.replace(/^.*node_modules\//, '');

/** Name and version of each package in the bundle. */
const bundled = readFileSync(new URL('../dist/bundled-packages.txt', import.meta.url), 'utf8')
  .split(`\n${'-'.repeat(80)}\n\n`)
  .map((part) => part.split(' ', 2) as [name: string, version: string]);

describe('what a user installs', () => {
  it('does not grow unannounced', () => {
    const names = [...production.map(([path]) => nameOf(path)), ...bundled.map(([name]) => name)].sort();
    expect(
      names,
      `The production tree has ${names.length} packages, and ${announced.length} are announced. Look at what is new ` +
        '(npm ls <name>), decide whether it is worth its risk, then announce it: change the list in ' +
        'test/dependencies.test.ts in the same commit, and say in the message what it is for.',
    ).toEqual(announced);
  });

  it('is what was published: every package is pinned by its hash', () => {
    const packages = Object.entries(lock.packages);
    const ofBundle = bundled.map(([name, version]) =>
      packages.find(([path, locked]) => nameOf(path) === name && locked.version === version),
    );
    const unpinned = [...production, ...ofBundle].filter(
      (found) => !found?.[1].integrity?.startsWith('sha512-'),
    );
    expect(bundled.length).toBeGreaterThan(10);
    expect(unpinned).toEqual([]);
  });

  it('runs no program while it is installed, but for one that is forbidden to', () => {
    const withScripts = production
      .filter(([, { hasInstallScript }]) => hasInstallScript)
      .map(([path]) => nameOf(path));
    expect(withScripts).toEqual(['keytar']);
    const { allowScripts } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
    expect(allowScripts).toEqual({ '@github/keytar': false });
  });
});
