import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';

const textOf = (path: string) => readFile(new URL(path, import.meta.url), 'utf8');

it.each(['vitest.example.test.ts', 'playwright-example.ts'])(
  'the README shows %s as it runs here',
  async (name) => {
    const readme = await textOf('../../README.md');
    const examples = [...readme.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, text]) => text);
    expect(examples).toContain(await textOf(name));
  },
);
