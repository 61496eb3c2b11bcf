import { describe, expect, it } from 'vitest';
import * as rules from './support/architecture-rules.js';
import { filesAreReadInOnePlace } from './support/file-rules.js';
import { readSourceTree, type SourceTree } from './support/source-tree.js';

const source = readSourceTree('src');
const everything: SourceTree = new Map([...source, ...readSourceTree('test')]);

interface Case {
  readonly name: string;
  readonly rule: rules.ArchitectureRule;
  readonly tree?: SourceTree;
  /** Files that break the rule, each alone: a rule that finds nothing in them guards nothing. */
  readonly planted: readonly Readonly<Record<string, string>>[];
}

const cases: readonly Case[] = [
  {
    name: 'imports go one way: errors, ports and oidc, client and emulator, flow, check, commands, cli',
    rule: rules.importsGoOneWay,
    planted: [
      { 'src/oidc/a.ts': "import { open } from '../browser/open.js';" },
      { 'src/errors.ts': "import type { Lock } from './storage/storage.js';" },
      { 'src/storage/a.ts': "import { x } from '../client/x.js';" },
      { 'src/flow/a.ts': "const x = await import('../cli/main.js');" },
      { 'src/client/a.ts': "import {\n  x,\n  y,\n} from '../emulator/x.js';" },
      { 'src/client/a.ts': "export { x } from '../flow/x.js';" },
      { 'src/commands/a.ts': "import '../cli/main.js';" },
      { 'src/somewhere/a.ts': "import { x } from '../errors.js';" },
    ],
  },
  {
    name: 'no file comes to itself over what it imports',
    rule: rules.importsFormNoCircle,
    planted: [
      { 'src/a.ts': "import type { B } from './b.js';", 'src/b.ts': "import { a } from './a.js';" },
      {
        'src/a.ts': "import { b } from './b.js';",
        'src/b.ts': "import { c } from './c.js';",
        'src/c.ts': "const b = await import('./b.js');",
      },
    ],
  },
  {
    name: 'checks and the emulator do not know each other',
    rule: rules.checkAndEmulatorAreStrangers,
    planted: [
      { 'src/check/a.ts': "import type { Emulator } from '../emulator/emulator.js';" },
      { 'src/emulator/a.ts': "import { once } from '../check/run/once.js';" },
    ],
  },
  {
    name: 'the runtime is types only',
    rule: rules.runtimeIsTypesOnly,
    planted: [{ 'src/runtime.ts': "import { storageKinds } from './storage/storage.js';" }],
  },
  {
    name: 'each package has one importer',
    rule: rules.packagesHaveOneImporter,
    planted: [
      { 'src/client/a.ts': "import * as client from 'openid-client';" },
      { 'src/client/a.ts': "import type { Client } from 'openid-client/passport';" },
      { 'src/oidc/a.ts': "  const { fetch } = await import('undici');" },
      { 'src/flow/a.ts': "import open from 'open';" },
      { 'src/testing.ts': "import Provider from 'oidc-provider';" },
      { 'src/check/a.ts': "import { Command } from 'commander';" },
      { 'src/cli/a.ts': "  const keytar = require('keytar');" },
    ],
  },
  {
    name: 'files are replaced in one way',
    rule: rules.filesAreReplacedInOneWay,
    planted: [
      { 'src/trace/a.ts': "import { readFile, writeFile } from 'node:fs/promises';" },
      { 'src/profile/a.ts': '    await rename(beside, path);' },
      { 'src/storage/a.ts': '  fs.writeFileSync(path, text);' },
    ],
  },
  {
    name: 'checks are reported in one place',
    rule: rules.checksAreReportedInOnePlace,
    planted: [
      { 'src/commands/test/a.ts': 'return exitCodeOfOutcome[found.outcome];' },
      { 'src/commands/doctor/a.ts': "import { progressLine } from '../report/check-report.js';" },
    ],
  },
  {
    name: 'no regular expression is made of text from outside',
    rule: rules.patternsAreOurs,
    planted: [{ 'src/oidc/a.ts': "  return text.replace(new RegExp(found, 'g'), '');" }],
  },
  {
    name: 'files are opened in one place, which waits for nobody',
    rule: filesAreReadInOnePlace,
    planted: [
      { 'src/profile/a.ts': "  const text = readFileSync(path, 'utf8');" },
      { 'src/network/a.ts': '  const text = await readFile(caFile);' },
      { 'src/storage/a.ts': "  const file = await open(path, 'r');" },
      { 'src/session/a.ts': '  createReadStream(path).pipe(process.stdout);' },
    ],
  },
  {
    name: 'no list is spread into arguments',
    rule: rules.listsAreNoArguments,
    planted: [
      { 'src/output/a.ts': '  const width = Math.max(0, ...names.map(({ length }) => length));' },
      { 'src/output/a.ts': '    all.push(...found);' },
    ],
  },
  {
    name: 'what is put into a command to paste is quoted',
    rule: rules.commandsAreQuoted,
    planted: [
      { 'src/oidc/a.ts': '    `Did you mean --issuer \u0024{issuer}?`' },
      { 'src/oidc/a.ts': '    `Sign in with: logto-cli sign-in --issuer=\u0024{issuer}`' },
      { 'src/oidc/a.ts': '    `Sign in with: logto-cli sign-in \u0024{flags}`' },
      { 'src/oidc/a.ts': '    `logto-cli profile use \u0024{shellWord(name)} --app-id "\u0024{id}"`' },
      { 'src/oidc/a.ts': '    `logto-cli profile use \u0024{shellWord(name)} \u0024{more}`' },
      { 'src/oidc/a.ts': '    `Close it: chmod 700 \u0024{path}`' },
    ],
  },
  {
    name: 'only declared packages are imported',
    rule: rules.packagesAreDeclared,
    planted: [
      { 'src/oidc/a.ts': "import { jwtVerify } from 'jose';" },
      { 'src/a.ts': "import fs from 'fs';" },
    ],
  },
  {
    name: 'a command never imports a command',
    rule: rules.commandsAreAlone,
    planted: [
      {
        'src/commands/a.ts': "import { b } from './b.js';",
        'src/commands/b.ts': 'export const configureB: ConfigureCommand = (command, run) => {',
      },
      {
        'src/commands/a.ts': "  await import('./b.js');",
        'src/commands/b.ts': "  parent.command('b');",
      },
    ],
  },
  {
    name: 'loading the library loads no package',
    rule: rules.libraryLoadsNoPackage,
    planted: [
      {
        'src/index.ts': "export { Client } from './client/client.js';",
        'src/client/client.ts': "import { provider } from '../oidc/provider.js';",
        'src/oidc/provider.ts': "import * as oidc from 'openid-client';",
      },
      {
        'src/index.ts': "export type { A } from './a.js';\nexport * from './storage/keychain.js';",
        'src/storage/keychain.ts': "import keytar from 'keytar';",
      },
    ],
  },
  {
    name: 'every import names its module literally',
    rule: rules.importsAreLiteral,
    planted: [{ 'src/a.ts': '  const x = await import(name);' }],
  },
  {
    name: 'names say what is inside',
    rule: rules.namesSayWhatIsInside,
    tree: everything,
    planted: [
      { 'src/client/utils.ts': '' },
      { 'src/common/a.ts': '' },
      { 'test/support/test-helpers.ts': '' },
      { 'src/client/LogtoClient.ts': '' },
    ],
  },
  {
    name: 'modules only define: no work and no state at import',
    rule: rules.modulesOnlyDefine,
    planted: [
      { 'src/a.ts': 'main();' },
      { 'src/a.ts': 'process.exitCode = 1;' },
      { 'src/a.ts': "process.on('exit', end);" },
      { 'src/a.ts': 'if (process.argv[2]) {' },
      { 'src/a.ts': 'let count = 0;' },
      { 'src/a.ts': 'export const cache = new Map<string, string>();' },
      { 'src/a.ts': "const settings = await read('x');" },
    ],
  },
  {
    name: 'exports are named',
    rule: rules.exportsAreNamed,
    planted: [{ 'src/a.ts': 'export default class A {}' }],
  },
  {
    name: 'the addresses to register are made in one place',
    rule: rules.localAddressesHaveOneMaker,
    planted: [
      { 'src/a.ts': "const uri = 'http://localhost:3000/callback';" },
      // biome-ignore lint/suspicious/noTemplateCurlyInString: it is a program's text
      { 'src/a.ts': 'const uri = `http://localhost:${port}/callback`;' },
      // biome-ignore lint/suspicious/noTemplateCurlyInString: it is a program's text
      { 'src/a.ts': 'const uri = `http://localhost:${port ?? 80}/`;' },
      { 'src/a.ts': "const port = new URL(uri).port || '80';" },
    ],
  },
  {
    name: 'a flag of several commands is declared once',
    rule: rules.flagsAreDeclaredOnce,
    planted: [
      {
        'src/commands/a.ts': "command.option('--json', 'a document');",
        'src/commands/b.ts': "command\n  .option(\n    '--json',\n    'a document',\n  );",
      },
      {
        'src/commands/a.ts': "const json = ['--json', 'a document'];",
        'src/commands/b.ts': "  .option('--json', 'a document')",
      },
    ],
  },
  {
    name: 'every export says what it is',
    rule: rules.exportsAreDocumented,
    planted: [
      { 'src/a.ts': 'export function a() {}' },
      { 'src/a.ts': '/** Text. */\n\nexport interface A {' },
      { 'src/a.ts': '// Text.\nexport const a = 1;' },
    ],
  },
  {
    name: 'no file has more than 300 lines',
    rule: rules.filesAreSmall,
    planted: [{ 'src/a.ts': '\n'.repeat(301) }],
  },
  {
    name: 'everything that is said goes through one writer',
    rule: rules.outputHasOneWriter,
    planted: [
      { 'src/cli/a.ts': "  process.stderr.write('x');" },
      { 'src/flow/a.ts': '  const { columns } = process.stdout;' },
      { 'src/commands/a.ts': '  console.error(error);' },
      { 'src/commands/a.ts': '  writeSync(2, text);' },
      { 'src/commands/a.ts': '  const own = new TextWriter(put, place);' },
      { 'src/commands/a.ts': "  await writeFile('/dev/stderr', text);" },
    ],
  },
  {
    name: 'only the writer knows what a terminal obeys',
    rule: rules.terminalsAreTheWritersBusiness,
    planted: [
      { 'src/commands/a.ts': "  stderr.write(['\\u001b[2K']);" },
      { 'src/commands/a.ts': '  stderr.write([`\\x1b[31m`]);' },
      { 'src/commands/a.ts': "  const red = '\\ufdd01;31\\ufdd1';" },
      { 'src/trace/a.ts': "import { plainText } from '../output/plain-text.js';" },
    ],
  },
  {
    name: 'how long something may take is asked in the deep tier',
    rule: rules.timesAreDeep,
    tree: everything,
    planted: [
      { 'test/a.test.ts': ['  expect(performance.now() -', 'start).toBeLessThan(1000);'].join(' ') },
      { 'test/a/b.test.ts': ['  expect(await timed(work)).', 'toBeLessThan(3000);'].join('') },
    ],
  },
  {
    name: 'a process of the quick tier is one that is counted',
    rule: rules.processesAreCounted,
    tree: everything,
    planted: [
      { 'test/a.test.ts': ['  exec', "FileSync('mkfifo', [path]);"].join('') },
      {
        'test/a/b.test.ts': "import { here } from '../support/c.js';",
        'test/support/c.ts': ['  const { stdout } = spawn', "Sync('sh', args);"].join(''),
      },
    ],
  },
  {
    name: 'no module is mocked',
    rule: rules.nothingIsMocked,
    tree: everything,
    planted: [{ 'test/a.test.ts': ['vi', "mock('./a.js');"].join('.') }],
  },
];

describe('the architecture', () => {
  describe.each(cases)('$name', ({ rule, tree, planted }) => {
    it('holds', () => {
      expect(rule(tree ?? source)).toEqual([]);
    });

    it.each(planted)('finds planted violation %#', (files) => {
      expect(rule(new Map(Object.entries(files)))).not.toEqual([]);
    });
  });
});
