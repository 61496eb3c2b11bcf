import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { browserCommand } from '../../src/browser/browser-command.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

const url = 'https://id.example/auth?a=1&b=$&c=$%26$(id);`id`';

describe('what BROWSER means', () => {
  it.each([
    ['firefox', 'firefox', [url]],
    ['  firefox  ', 'firefox', [url]],
    ['firefox --private-window', 'firefox', ['--private-window', url]],
    ['chromium  --new-window   --incognito', 'chromium', ['--new-window', '--incognito', url]],
    ['chromium --app=%s --incognito', 'chromium', [`--app=${url}`, '--incognito']],
    ['tool %s and %s', 'tool', [url, 'and', url]],
    ['tool "a b"', 'tool', ['"a', 'b"', url]],
    ['tool $HOME ; id', 'tool', ['$HOME', ';', 'id', url]],
  ])('%j', (browser, file, args) => {
    expect(browserCommand(browser, url)).toEqual({ file, arguments: args });
  });

  it('is a path with spaces when a file is there, and a command otherwise', async () => {
    const directory = join(await temporaryDirectory(), 'My Browser');
    await mkdir(directory);
    const path = join(directory, 'the browser');
    expect(browserCommand(path, url).arguments).not.toEqual([url]);
    await writeFile(path, '');
    expect(browserCommand(path, url)).toEqual({ file: path, arguments: [url] });
    expect(browserCommand(directory, url).file).not.toBe(directory);
  });
});
