// The second half of `npm run build`: makes the program that runs (`dist`) of the modules that were compiled (`build`).
// What nearly every command loads is in a few files, since each file costs every start of the program, and all packages
// but those that must stay whole (`dependencies`) are in them. The files are named for what is in them, and their source maps lead to `src`.
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { rolldown } from 'rolldown';
import { builtins, withBuiltins } from './builtins.js';
import { fewMediaTypes, inPlaceOf, licencesOf, patched, responseOfOurs } from './packages.js';
import { ownSourceMap } from './source-map.js';

const project = join(import.meta.dirname, '../..');
const [src, build, dist] = ['src', 'build', 'dist'].map((folder) => join(project, folder));
const moduleFile = (name) => join(build, `${name}.js`);
const { dependencies } = JSON.parse(readFileSync(join(project, 'package.json'), 'utf8'));
const isOurs = (id) => id.startsWith(build + sep);
const nameOf = (id) => relative(build, id).replaceAll(sep, '/').replace(/\.js$/, '');

/** What `package.json` names: ES modules, in front of the same CommonJS that the program is of. */
const library = ['index', 'testing'];
const entries = ['cli/main', ...library];

/** What runs before, or instead of, all that: each in one file with all that it needs. */
const alone = ['cli/start', 'cli/quick-answer'];

/**
 * Modules, by their names or what their paths are like, that share a file with all that they import, unless a group
 * above has that already. A module that no group reaches gets a file where it is needed: leaving one out costs time and
 * nothing else.
 */
const groups = {
  // What the library and the daily commands need.
  library: [
    'client/logto-client',
    'client/read-session',
    'storage/file-storage',
    'local-address',
    'quoted-secret',
    'read-text',
    'shell-word',
    'oidc/token-type',
    'errors',
  ],
  // What is used all day, whoever is signed in.
  daily: ['cli/main', 'session/with-secret'],
  // What all other commands need beside it.
  parser: ['cli/command-line', 'commands/request-options', 'commands/whoami/whoami', 'commands/token/token'],
  // What the protocol and the emulator both need.
  jose: ['headless/totp', /[\\/]node_modules[\\/]jose[\\/]/],
  // All that speaks to a provider and that the library and its `testing` need too.
  protocol: [
    'network/create-fetch',
    'oidc/provider',
    'oidc/discovery',
    'client/sign-in',
    'headless/follow-sign-in',
    'flow/headless-sign-in',
    'storage/lock',
    'storage/replace-file',
  ],
  // What needs a provider that is set, some of it without a journey.
  application: ['session/find-application'],
  // What the commands that sign in need beside it.
  journey: ['commands/sign-in/sign-in', 'commands/sign-in/sign-in-to-profile', 'flow/browser-sign-in'],
};

const ours = removeForgotten();
const output = (await Promise.all([bundled(entries), ...alone.map((name) => bundled([name], true))])).flat();
const files = new Map(output.map(({ fileName, code, source }) => [fileName, code ?? source]));
leadToOurs();
for (const path of ours.filter((name) => !/\.[cm]?ts$/.test(name) || name.endsWith('.cts'))) {
  const name = path.replace(/\.cts$/, '.cjs');
  const text = readFileSync(join(name.endsWith('.cjs') ? build : src, name), 'utf8');
  // Its map stays where it was compiled.
  files.set(name, text.replace(/\n\/\/# sourceMappingURL=\S+\s*$/, '\n'));
}
const { makeCommandTable } = await import('../../build/cli/make-command-table.js');
files.set('completion/command-table.json', `${JSON.stringify(await makeCommandTable())}\n`);
for (const path of typesOf(['index.d.ts', 'testing.d.ts'])) files.set(path, readFileSync(join(build, path)));
files.set('bundled-packages.txt', licencesOf(output.flatMap(({ moduleIds = [] }) => moduleIds)));
checkPlaces();
for (const name of library) files.set(`${name}.js`, await libraryModule(name));
replaceDist();

/** The files of `src` but its map for readers; what was compiled of those that are there no longer is removed. */
function removeForgotten() {
  const list = (folder) => readdirSync(folder, { recursive: true }).map((path) => path.replaceAll(sep, '/'));
  const sources = new Set(list(src));
  for (const path of list(build)) {
    const source = path.replace(/(?:\.d)?\.([cm]?)[jt]s(?:\.map)?$/, '.$1ts');
    if (source !== path && !sources.has(source)) rmSync(join(build, path));
  }
  return [...sources].filter((path) => statSync(join(src, path)).isFile() && path !== 'README.md');
}

async function bundled(names, isAlone = false) {
  const kept = { function: true, class: true };
  const bundle = await rolldown({
    cwd: project,
    platform: 'node',
    // Else `cli/main` would be a file that only names another.
    preserveEntrySignatures: 'allow-extension',
    input: Object.fromEntries(names.map((name) => [name, moduleFile(name)])),
    external: (id) => Object.keys(dependencies).some((name) => id === name || id.startsWith(`${name}/`)),
    resolve: { alias: inPlaceOf },
    plugins: [
      builtins(project),
      {
        name: 'compiled-modules',
        // With its map, so that the maps of the bundle lead to what people wrote.
        load: (id) =>
          isOurs(id)
            ? { code: withBuiltins(readFileSync(id, 'utf8')), map: readFileSync(`${id}.map`, 'utf8') }
            : null,
      },
      !isAlone && patched(),
      fewMediaTypes,
      responseOfOurs(moduleFile('whole-response')),
    ],
    // What is loaded late is so for those who load nothing else of it.
    checks: { ineffectiveDynamicImport: false },
  });
  const { output } = await bundle.generate({
    // By its room and its last module, which is the one that the others are there for.
    chunkFileNames({ name, facadeModuleId, moduleIds }) {
      const id = facadeModuleId ?? moduleIds.at(-1);
      return `${name in groups || !isOurs(id) ? name : nameOf(id)}.cjs`;
    },
    // Which Node reads without the loader of ES modules, and whose compiled code can be kept after a run.
    format: 'cjs',
    entryFileNames: '[name].cjs',
    codeSplitting: !isAlone && {
      groups: Object.entries(groups).map(([name, modules], index) => {
        const isIn = (id) =>
          modules.some((module) => (module instanceof RegExp ? module.test(id) : moduleFile(module) === id));
        return { name, test: isIn, priority: Object.keys(groups).length - index };
      }),
    },
    sourcemap: true,
    sourcemapExcludeSources: true,
    // What they say is of use to a bundler alone.
    comments: { annotation: false },
    // What functions and classes are called stays, for the stack of a bug; and oidc-provider has it of its classes how long
    // the tokens live that they stand for.
    minify: { compress: { keepNames: kept }, mangle: { toplevel: false, keepNames: kept }, codegen: true },
  });
  await bundle.close();
  return output;
}

/** Leaves in the source maps what leads to `src`. */
function leadToOurs() {
  const isOurs = (file) => (source) => join(dist, dirname(file), source).startsWith(src + sep);
  for (const file of [...files.keys()].filter((name) => name.endsWith('js.map'))) {
    const map = ownSourceMap(JSON.parse(files.get(file)), isOurs(file));
    if (map !== null) {
      files.set(file, JSON.stringify(map));
      continue;
    }
    const code = file.replace(/\.map$/, '');
    files.delete(file);
    files.set(code, files.get(code).replace(/\n\/\/# sourceMappingURL=.*/, ''));
  }
}

/** These declarations and all that they refer to: nobody can import the others. */
function typesOf(paths) {
  const found = new Set(paths);
  for (const path of found) {
    for (const [, target] of readFileSync(join(build, path), 'utf8').matchAll(/['"](\.[^'"]+)\.js['"]/g)) {
      found.add(join(dirname(path), `${target}.d.ts`));
    }
  }
  return found;
}

/** A file that is found by the address of the module must be there from where the module is now. */
function checkPlaces() {
  const modules = new Set(output.flatMap(({ moduleIds = [] }) => moduleIds));
  for (const name of Object.values(groups).flat()) {
    if (typeof name === 'string' && !modules.has(moduleFile(name)))
      throw new Error(`${name} is in a group, and is no module`);
  }
  for (const { fileName, code = '' } of output) {
    // new URL('./a', import.meta.url) and createRequire(import.meta.url)('./a')
    for (const [, before, after] of code.matchAll(
      /["'`](\.[^"'`]+)["'`],(?:import\.meta\.url|require\("url"\)\.pathToFileURL\(__filename\))|import\.meta\.url\)\(["'`](\.[^"'`]+)/g,
    )) {
      const path = join(dirname(fileName), before ?? after);
      if (files.has(path) || (path.startsWith('..') && existsSync(join(dist, path)))) continue;
      throw new Error(`${fileName} looks for ${path}, which is not there`);
    }
  }
}

/** An ES module that exports what the library's module of that name does, and does not load the argument parser. */
async function libraryModule(name) {
  const chunks = new Map(output.map((chunk) => [chunk.fileName, chunk]));
  const exported = Object.keys(await import(`../../build/${name}.js`)).sort();
  const entry = `${name}.cjs`;
  if (`${chunks.get(entry).exports.toSorted()}` !== `${exported}`)
    throw new Error(`${entry} exports other names`);
  const loaded = new Set([entry]);
  for (const fileName of loaded) for (const next of chunks.get(fileName)?.imports ?? []) loaded.add(next);
  const modules = [...loaded].flatMap((fileName) => chunks.get(fileName)?.moduleIds ?? []);
  if (modules.some((id) => /[\\/]commander[\\/]/.test(id))) throw new Error(`${entry} loads commander`);
  return `import library from './${entry}';\nexport const { ${exported.join(', ')} } = library;\n`;
}

/**
 * Puts what was made in the place of what is there, as a whole: a program that runs meanwhile never finds half a file.
 * Where nothing has changed, nothing is touched.
 */
function replaceDist() {
  const there = existsSync(dist)
    ? readdirSync(dist, { recursive: true }).filter((path) => statSync(join(dist, path)).isFile())
    : [];
  const isSame = (path) =>
    files.has(path) && Buffer.from(files.get(path)).equals(readFileSync(join(dist, path)));
  if (there.length === files.size && there.map((path) => path.replaceAll(sep, '/')).every(isSame)) return;
  const made = mkdtempSync(join(build, '.dist-'));
  for (const [path, content] of files) {
    mkdirSync(join(made, 'new', dirname(path)), { recursive: true });
    writeFileSync(join(made, 'new', path), content);
  }
  if (existsSync(dist)) renameSync(dist, join(made, 'old'));
  renameSync(join(made, 'new'), dist);
  rmSync(made, { recursive: true });
}
