import { importsOf, loadedWith, type SourceTree } from './source-tree.js';

/** One rule of the architecture. It names each place that breaks it, in a sentence. */
export type ArchitectureRule = (tree: SourceTree) => readonly string[];

/** Folders of `src` (and its lone files) from the bottom up. A layer may import the layers below it. */
export const layers: readonly (readonly string[])[] = [
  ['error-details'],
  [
    'errors',
    'html',
    'secret-variables',
    'secret-forms',
    'quoted-secret',
    'shell-word',
    'wording',
    'logto-console',
    'control-character',
    'local-address',
    'read-text',
    'whole-response',
  ],
  ['explanation', 'program', 'schema', 'read-file', 'output'],
  ['oidc', 'storage', 'network', 'loopback', 'browser'],
  ['runtime'],
  ['headless'],
  ['client', 'expectation', 'emulator', 'profile'],
  ['trace', 'help', 'completion'],
  ['index', 'flow'],
  ['check'],
  ['testing', 'session'],
  ['commands'],
  ['cli'],
];

const onlyImporters: Readonly<Record<string, readonly string[]>> = {
  'openid-client': ['oidc'],
  undici: ['network'],
  open: ['browser'],
  'oidc-provider': ['emulator'],
  commander: ['commands', 'cli'],
  keytar: ['storage'],
  'cross-spawn': ['program'],
  zod: ['schema', 'check', 'emulator'],
  uqr: ['output'],
};

function areaOf(path: string): string {
  return path.split('/')[1]?.replace(/\.ts$/, '') ?? '';
}

function* importsOfTree(tree: SourceTree) {
  for (const [path, text] of tree) for (const found of importsOf(path, text)) yield { path, text, ...found };
}

/** The same lines, without what stands in comments and template strings (pages, help texts). */
function codeOf(tree: SourceTree): SourceTree {
  const emptied = (text: string) => text.replace(/[^\n]/g, '');
  return new Map(
    [...tree].map(([path, text]) => [
      path,
      text.replace(/\/\*[\s\S]*?\*\//g, emptied).replace(/`[^`]*`/g, emptied),
    ]),
  );
}

/** The lines that break a rule, each with its place. */
export function linesOf(tree: SourceTree, isBroken: (line: string, before: string) => boolean): string[] {
  return [...tree].flatMap(([path, text]) => {
    const lines = text.split('\n');
    return lines.flatMap((line, index) =>
      isBroken(line, lines[index - 1] ?? '') ? [`${path}:${index + 1} ${line}`] : [],
    );
  });
}

/** Imports go one way. Areas of one layer may only know each other's types. */
export const importsGoOneWay: ArchitectureRule = (tree) =>
  [...importsOfTree(tree)].flatMap(({ path, kind, target }) => {
    if (!target.startsWith('src/') || areaOf(path) === areaOf(target)) return [];
    const [from, to] = [path, target].map((file) =>
      layers.findIndex((layer) => layer.includes(areaOf(file))),
    );
    if (from === -1 || to === -1) return [`${path} or ${target} belongs to no layer`];
    if (Number(from) > Number(to) || (from === to && kind === 'type')) return [];
    return [`${path} imports ${target}`];
  });

/** No file comes to itself over what it imports, types included: any of a circle can only be understood with all of it. */
export const importsFormNoCircle: ArchitectureRule = (tree) => {
  const importing = new Map(
    [...tree].map(([path, text]) => [path, importsOf(path, text).map(({ target }) => target)]),
  );
  const known = new Set<string>();
  const found: string[] = [];
  const visit = (path: string, way: readonly string[]): void => {
    const start = way.indexOf(path);
    if (start >= 0) found.push([...way.slice(start), path].join(' imports '));
    if (start >= 0 || known.has(path)) return;
    for (const target of importing.get(path) ?? []) visit(target, [...way, path]);
    known.add(path);
  };
  for (const path of tree.keys()) visit(path, []);
  return found;
};

/** What tests providers and applications is not made with the provider that it is tested with, nor the other way round. */
export const checkAndEmulatorAreStrangers: ArchitectureRule = (tree) =>
  [...importsOfTree(tree)]
    .filter(({ path, target }) => `${[areaOf(path), areaOf(target)].toSorted()}` === 'check,emulator')
    .map(({ path, target }) => `${path} imports ${target}`);

/** What is below the composition of commands knows the outside world's shape (`runtime.ts`) as types at most. */
export const runtimeIsTypesOnly: ArchitectureRule = (tree) =>
  [...importsOfTree(tree)]
    .filter(({ path, kind }) => path === 'src/runtime.ts' && kind !== 'type')
    .map(({ path, target }) => `${path} loads ${target}`);

/** Each package has one area that knows it. */
export const packagesHaveOneImporter: ArchitectureRule = (tree) =>
  [...importsOfTree(tree)]
    .filter(({ path, target }) => onlyImporters[target]?.includes(areaOf(path)) === false)
    .map(({ path, target }) => `${path} imports ${target}`);

/** Packages that are there only because another needs them are nobody's to import. */
export const packagesAreDeclared: ArchitectureRule = (tree) =>
  [...importsOfTree(tree)]
    .filter(({ target }) => !/^(src\/|node:)/.test(target) && !(target in onlyImporters))
    .map(({ path, target }) => `${path} imports ${target}`);

/** A command never imports a command; what several share (options) defines none. */
export const commandsAreAlone: ArchitectureRule = (tree) =>
  [...importsOfTree(tree)]
    .filter(({ path, target }) => areaOf(path) === 'commands' && areaOf(target) === 'commands')
    .filter(
      ({ kind, target }) =>
        kind !== 'type' && /: ConfigureCommand = |\.command\(/.test(tree.get(target) ?? ''),
    )
    .map(({ path, target }) => `${path} imports ${target}`);

/** Importing the library loads no package: each is loaded by the call that needs it. */
export const libraryLoadsNoPackage: ArchitectureRule = (tree) =>
  [...loadedWith('src/index.ts', tree)]
    .filter((module) => module in onlyImporters)
    .map((module) => `src/index.ts loads ${module}`);

/**
 * A file is replaced in one way, which leaves the old one or the new one: nobody else writes or renames, but what leaves
 * compiled code when all is done, without what that way loads.
 */
export const filesAreReplacedInOneWay: ArchitectureRule = (tree) => {
  const ways = ['src/storage/replace-file.ts', 'src/cli/compiled-program.ts'];
  return linesOf(codeOf(new Map([...tree].filter(([path]) => !ways.includes(path)))), (line) =>
    /^[^/]*\b(writeFile|rename|copyFile|truncate|createWriteStream)(Sync)?\b/.test(line),
  );
};

/** Whatever runs checks reports them in one way: no command prints their outcome, or ends with it, by itself. */
export const checksAreReportedInOnePlace: ArchitectureRule = (tree) =>
  linesOf(new Map([...tree].filter(([path]) => !/^src\/(check|commands\/report)\//.test(path))), (line) =>
    /\b(exitCodeOfOutcome|progressLine|prepareReporters)\b/.test(line),
  );

/** A module that is not known until the program runs cannot be checked by the rules above. */
export const importsAreLiteral: ArchitectureRule = (tree) =>
  linesOf(tree, (line) => /\bimport\((?!\s*['"]|\s*$)/.test(line) && !/^\s*(\*|\/\/)/.test(line));

/** Names say what a file is about, in kebab case. */
export const namesSayWhatIsInside: ArchitectureRule = (tree) =>
  [...tree.keys()].filter((path) => {
    const names = path.replace(/(\.\w+)*\.[cm]?ts$/, '').split('/');
    return names.some(
      (name) => /[^a-z0-9-]/.test(name) || /(^|-)(utils?|helpers?|common|shared|misc|lib)(-|$)/.test(name),
    );
  });

/** Loading a module only defines things: no calls, no loops, no state. A `.cts` file is a program, never loaded by ours. */
export const modulesOnlyDefine: ArchitectureRule = (tree) =>
  linesOf(
    codeOf(new Map([...tree].filter(([path]) => !path.endsWith('.cts')))),
    (line) =>
      /^(if|for|while|switch|try|await|void|throw|new|delete)\b/.test(line) ||
      /^(?!(import|export|function|async|declare|describe)\b)[\w.$]+[([`]/.test(line) ||
      /^[\w.$]+(\[.*\])?(\.\w+)* (=|\+=|\?\?=|\|\|=) /.test(line) ||
      /^(export )?(let|var) /.test(line) ||
      /^(export )?const \w+.* = (await\b|new (Weak)?(Map|Set)(<.*>)?\(\))/.test(line),
  );

/** Who makes regular expressions of what only people here, or whoever types a command, can write. */
const patternMakers: readonly string[] = [
  'src/emulator/device-flow.ts',
  'src/emulator/faults/emulator-faults.ts',
  'src/expectation/expectation.ts',
  'src/expectation/unmet-expectations.ts',
  'src/output/log-commands.ts',
];

/** A regular expression is not made of text from outside, which decides how long it takes. */
export const patternsAreOurs: ArchitectureRule = (tree) =>
  linesOf(new Map([...codeOf(tree)].filter(([path]) => !patternMakers.includes(path))), (line) =>
    /\bRegExp\(/.test(line),
  );

/** A list of any length is not handed on as arguments, of which a call takes so many. */
export const listsAreNoArguments: ArchitectureRule = (tree) =>
  linesOf(codeOf(tree), (line) =>
    /\b(push|unshift|splice|concat|max|min|fromCharCode|fromCodePoint)\((?:[^()]*, *)?\.\.\./.test(line),
  );

/** The addresses of this machine that people have to register, and the port that they mean, are made in one place. */
export const localAddressesHaveOneMaker: ArchitectureRule = (tree) =>
  linesOf(
    // What `explain` says is prose.
    new Map([...tree].filter(([path]) => !/^src\/(explanation\/|local-address\.ts)/.test(path))),
    (line) =>
      /localhost:(3000|\$\{[^}]*\}\/(callback)?[`'])|\.port \|\| '80'/.test(line) &&
      !/^\s*(\*|\/\/|\/\*\*)/.test(line),
  );

/** A flag that several commands have is declared once: one option, or one group of them. */
export const flagsAreDeclaredOnce: ArchitectureRule = (tree) => {
  const declared = [...tree].flatMap(([path, text]) =>
    [...text.matchAll(/(?:\.option\(|new Option\(|\[)\s*'(-[^']*)',\s*(['"`].*)/g)].map(
      ([, flags, words]) => ({
        path,
        option: `${flags} ${words}`.replace(/[,)\]};]*$/, ''),
      }),
    ),
  );
  return declared
    .filter(({ option }, index) => declared.findIndex((other) => other.option === option) < index)
    .map(({ path, option }) => `${path} declares ${option} again`);
};

/** Who writes commands of words that stand in tables of ours. */
const commandWriters: readonly string[] = [
  'src/cli/given-flags.ts',
  'src/cli/unknown-words.ts',
  'src/cli/watched-run.ts',
];

/** The programs whose commands hints have, and whether what follows a name or a flag is put in unquoted. */
const unquoted =
  /(?:\b(?:logto-cli|ssh|curl|chmod|chown|kill|lsof|sudo|docker) (?:(?![.,;:?!)](?:\s|$)| \()[^`$]|\$(?!\{)|\$\{shellWords?\([^`]*?\)\})*|--[a-z][a-z-]*[ =]["']?)\$\{(?!shellWords?\(|port\}|pid\})/;

/** Whatever is put into a command to paste goes through the one quoter. A number needs none. */
export const commandsAreQuoted: ArchitectureRule = (tree) =>
  linesOf(
    new Map([...tree].filter(([path]) => !commandWriters.includes(path))),
    (line) => unquoted.test(line) && !/^\s*(\*|\/\*|\/\/)/.test(line),
  );

/** Exports have names. */
export const exportsAreNamed: ArchitectureRule = (tree) =>
  linesOf(tree, (line) => /^export default\b/.test(line));

/** Every export says what it is. A declaration right below a documented one (a list and its type) shares its words. */
export const exportsAreDocumented: ArchitectureRule = (tree) =>
  linesOf(
    tree,
    (line, before) =>
      /^export (default |declare )?(abstract |async )?(class|function\*?|const|interface|type|enum) \w/.test(
        line,
      ) &&
      !/\*\/$/.test(before) &&
      !/^(export )?(const|type|function) |^\)|^\}|^\]/.test(before),
  );

/** A file that does not fit here does more than one thing. */
export const filesAreSmall: ArchitectureRule = (tree) =>
  [...tree]
    .map(([path, text]) => ({ path, lines: text.split('\n').length - 1 }))
    .filter(({ lines }) => lines > 300)
    .map(({ path, lines }) => `${path} has ${lines} lines`);

/**
 * Everything that is said goes through the one writer, which is made where the streams are. A `.cts` file is a program that
 * only we hear.
 */
export const outputHasOneWriter: ArchitectureRule = (tree) => {
  // Not what examples in comments do, which are other people's.
  const ours = [...tree]
    .filter(([path]) => !path.endsWith('.cts'))
    .map(([path, text]) => [path, text.replace(/^ *\*.*$/gm, '')] as const);
  const elsewhere = ours.filter(([path]) => areaOf(path) !== 'cli');
  return [
    ...linesOf(new Map(elsewhere), (line) =>
      /(?<![#.\w])process\.(stdout|stderr)\b|\bnew TextWriter\(/.test(line),
    ),
    ...linesOf(new Map(ours), (line) =>
      /\bprocess\.(stdout|stderr)\.write\(|\bconsole\.\w+\(|\bwriteSync\(\s*[12]\b|\/dev\/std(out|err)/.test(
        line,
      ),
    ),
  ];
};

/** Only the writer knows what a terminal obeys; a caller that makes text inert thinks that it has to. */
export const terminalsAreTheWritersBusiness: ArchitectureRule = (tree) =>
  linesOf(new Map([...tree].filter(([path]) => areaOf(path) !== 'output')), (line) =>
    /\\u(\{0*(1b|9b)\}|00[19]b)|\\x[19]b|\\ufdd[01]|\bplain(Text|Json)\b/i.test(line),
  );

/** How long something may take is for the deep tier to say: there it has the machine nearly to itself. */
export const timesAreDeep: ArchitectureRule = (tree) =>
  linesOf(new Map([...tree].filter(([path]) => /\/[^./]+\.test\.ts$/.test(path))), (line) =>
    /\b(?:(?:performance|Date)\.now\(\) - |timed\(|took\b).*\.toBeLessThan/.test(line),
  );

/** Doubles are passed in; no module is replaced behind its importer's back. */
export const nothingIsMocked: ArchitectureRule = (tree) =>
  linesOf(tree, (line) => /\bvi\.(mock|doMock|hoisted)\(/.test(line));

/**
 * A test of the quick tier waits for no process with its worker standing still: nobody sees such a one
 * (`counted-processes.ts`), and it has no place.
 */
export const processesAreCounted: ArchitectureRule = (tree) => {
  const quick = [...tree.keys()].filter((path) => /\/[^./]+\.test\.ts$/.test(path));
  const loaded = new Set(quick.flatMap((path) => [...loadedWith(path, tree)]));
  return linesOf(
    new Map([...tree].filter(([path]) => path.startsWith('test/') && loaded.has(path))),
    (line) => /\b(spawn|exec|execFile)Sync\(/.test(line),
  );
};
