import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { temporaryDirectory } from '../support/temporary-directory.js';

const project = fileURLToPath(new URL('../..', import.meta.url));

/** A folder that has the package as npm installs it. */
async function consumer(): Promise<string> {
  const folder = await temporaryDirectory();
  mkdirSync(join(folder, 'node_modules/@types'), { recursive: true });
  symlinkSync(project, join(folder, 'node_modules/logto-cli'));
  symlinkSync(join(project, 'node_modules/@types/node'), join(folder, 'node_modules/@types/node'));
  return folder;
}

const use = `
import { LogtoClient, type LogtoConfig } from 'logto-cli';
import { startEmulator, testApplication } from 'logto-cli/testing';
const config: LogtoConfig = { issuer: 'https://id.example.com', appId: 'app' };
export const client = new LogtoClient(config);
export const emulator: Promise<{ readonly issuer: string }> = startEmulator();
export const outcome: Promise<'passed' | 'failed' | 'incomplete'> = emulator.then(async () => {
  const page = { isHere: true, goto: async () => {}, url: () => '', content: async () => '', close: async () => {} };
  const { outcome } = await testApplication({
    emulator: await startEmulator(),
    url: 'http://localhost:5173/',
    newContext: async () => ({ newPage: async () => page, close: async () => {} }),
    visit: async ({ isHere }, { username }) => isHere && username.length,
    isSignedIn: ({ isHere }) => isHere,
  });
  return outcome;
});
`;

describe('the types of the library', () => {
  it.each([
    ['node10', ts.ModuleResolutionKind.Node10, ts.ModuleKind.CommonJS, '.ts'],
    ['nodenext from an ES module', ts.ModuleResolutionKind.NodeNext, ts.ModuleKind.NodeNext, '.mts'],
    ['nodenext from CommonJS', ts.ModuleResolutionKind.NodeNext, ts.ModuleKind.NodeNext, '.cts'],
    ['bundler', ts.ModuleResolutionKind.Bundler, ts.ModuleKind.ESNext, '.ts'],
  ])('are found by %s', async (_, moduleResolution, module, ending) => {
    const folder = await consumer();
    const file = join(folder, `use${ending}`);
    writeFileSync(file, use);
    const program = ts.createProgram([file], {
      strict: true,
      noEmit: true,
      target: ts.ScriptTarget.ES2022,
      lib: ['lib.es2023.d.ts'],
      types: ['node'],
      typeRoots: [join(folder, 'node_modules/@types')],
      ignoreDeprecations: '6.0',
      moduleResolution,
      module,
    });
    const problems = ts
      .getPreEmitDiagnostics(program)
      .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, ' '));
    expect(problems).toEqual([]);
  });

  it('come with modules that CommonJS can load', async () => {
    const folder = await consumer();
    const script = `
      const { LogtoClient } = require('logto-cli');
      const { defaultSeed } = require('logto-cli/testing');
      console.log(typeof LogtoClient, defaultSeed().users.length);`;
    const printed = execFileSync(process.execPath, ['-e', script], { cwd: folder, encoding: 'utf8' });
    expect(printed).toBe('function 2\n');
  });
});
