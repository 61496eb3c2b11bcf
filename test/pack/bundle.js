// Puts what nearly every command loads into a few files: the program that is published starts faster by it, and is
// otherwise the same. Runs after the build, which undoes it.
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { rolldown } from 'rolldown';

const project = join(import.meta.dirname, '../..');
const dist = join(project, 'dist');
const moduleFile = (name) => join(dist, `${name}.js`);

/** What the executable and `package.json` name. */
const entries = ['cli/main', 'cli/code-cache', 'index', 'testing'];

/**
 * Modules that share a file with all that they import, unless a group above has that already. A module that no group
 * reaches gets a file where it is needed: leaving one out costs time and nothing else.
 */
const groups = {
  // Loaded before there is a compile cache, so on its own.
  first: ['cli/code-cache', 'cli/directories'],
  // All that `--version` needs.
  start: ['cli/main'],
  library: [
    'client/logto-client',
    'client/read-session',
    'storage/file-storage',
    'read-text',
    'local-address',
  ],
  daily: [
    'cli/command-line',
    'cli/program',
    'cli/machine-runtime',
    'output/output',
    'commands/whoami/whoami',
    'commands/token/token',
    'commands/token/token-actions',
    'session/session-client',
  ],
};

const commanderInside = {
  name: 'commander-inside',
  load: (id) =>
    id === moduleFile('commands/commander')
      ? "export { Command, InvalidArgumentError, Option } from 'commander';"
      : null,
  // It can run commands that are programs of their own. Ours are not, and loading what that takes costs 3 ms.
  transform: (code, id) =>
    /[\\/]commander[\\/]lib[\\/]command\.js$/.test(id)
      ? code.replace("require('node:child_process')", '{}')
      : null,
};

const bundle = await rolldown({
  cwd: project,
  platform: 'node',
  // Else `cli/main` would be a file that only names another.
  preserveEntrySignatures: 'allow-extension',
  input: Object.fromEntries(entries.map((name) => [name, moduleFile(name)])),
  external: [/^node:/, /^(?:undici|openid-client|open|oidc-provider|cross-spawn)(?:\/|$)/],
  plugins: [commanderInside],
  // What is loaded late is so for those who load nothing else of it.
  checks: { ineffectiveDynamicImport: false },
});
const { output } = await bundle.generate({
  // As deep as every module, and beside the keychain's child: both are found by the address of the file.
  chunkFileNames: 'storage/[name]-[hash].js',
  codeSplitting: {
    groups: Object.entries(groups).map(([name, modules], index) => {
      const files = new Set(modules.map(moduleFile));
      return { name, test: (id) => files.has(id), priority: Object.keys(groups).length - index };
    }),
  },
  // Names stay as they are, for the stack of a bug.
  minify: { compress: true, mangle: false, codegen: true },
});
await checkOutput();

const types = typesOf(['index', 'testing'].map((name) => join(dist, `${name}.d.ts`)));
for (const name of readdirSync(dist, { recursive: true })) {
  const path = join(dist, name);
  if (/\.js$|\.d\.c?ts$/.test(name) && !types.has(path)) rmSync(path);
}
for (const { fileName, code } of output) {
  mkdirSync(dirname(join(dist, fileName)), { recursive: true });
  writeFileSync(join(dist, fileName), code);
}
for (const name of ['commander', 'zod']) {
  copyFileSync(join(project, 'node_modules', name, 'LICENSE'), join(dist, `${name}.LICENSE`));
}

/** These declarations and all that they refer to: nobody can import the others. */
function typesOf(files) {
  const found = new Set(files);
  for (const file of found) {
    for (const [, path] of readFileSync(file, 'utf8').matchAll(/['"](\.[^'"]+)\.js['"]/g)) {
      found.add(join(dirname(file), `${path}.d.ts`));
    }
  }
  return found;
}

/** Stops before anything is written when the outcome would not do what the modules do. */
async function checkOutput() {
  const bundled = new Set(output.flatMap(({ moduleIds }) => moduleIds));
  for (const module of Object.values(groups).flat()) {
    if (!bundled.has(moduleFile(module))) throw new Error(`${module} is in a group, and is no module`);
  }
  for (const { fileName, code } of output) {
    // new URL('./a', import.meta.url) and createRequire(import.meta.url)('./a')
    for (const [, before, after] of code.matchAll(
      /["'`](\.[^"'`]+)["'`],import\.meta\.url|import\.meta\.url\)\(["'`](\.[^"'`]+)/g,
    )) {
      const path = join(dist, dirname(fileName), before ?? after);
      if (!existsSync(path)) throw new Error(`${fileName} looks for ${path}, which is not there`);
    }
  }
  const chunks = new Map(output.map((chunk) => [chunk.fileName, chunk]));
  for (const entry of ['index.js', 'testing.js']) {
    const exported = Object.keys(await import(`../../dist/${entry}`)).sort();
    if (`${chunks.get(entry).exports.toSorted()}` !== `${exported}`)
      throw new Error(`${entry} exports other names`);
    const loaded = new Set([entry]);
    for (const fileName of loaded) for (const next of chunks.get(fileName)?.imports ?? []) loaded.add(next);
    const modules = [...loaded].flatMap((fileName) => chunks.get(fileName)?.moduleIds ?? []);
    if (modules.some((id) => /[\\/]commander[\\/]/.test(id))) throw new Error(`${entry} loads commander`);
  }
}
