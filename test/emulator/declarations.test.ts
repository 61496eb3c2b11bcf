import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { published } from '../support/built.js';

it('the published types of logto-cli/testing name no package whose types are not installed with it', () => {
  const packages = new Set<string>();
  const read = new Set<string>();
  const pending = [published('testing.d.ts')];
  for (let path = pending.pop(); path !== undefined; path = pending.pop()) {
    if (read.has(path)) continue;
    read.add(path);
    for (const [, name = ''] of readFileSync(path, 'utf8').matchAll(/(?:from|import\()\s*'([^']+)'/g)) {
      if (name.startsWith('.')) pending.push(join(dirname(path), name.replace(/\.js$/, '.d.ts')));
      else packages.add(name);
    }
  }
  expect(read.size).toBeGreaterThan(10);
  expect([...packages].filter((name) => !name.startsWith('node:'))).toEqual([]);
});
