import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const projectRoot = fileURLToPath(new URL('../..', import.meta.url));

/** The text of source files, by their path from the project's root (`src/oidc/provider.ts`). */
export type SourceTree = ReadonlyMap<string, string>;

/** How a module is named by another: erased by the compiler, loaded with the importer, or loaded when asked for. */
export type ImportKind = 'type' | 'static' | 'dynamic';

/** One module that a file names. `target` is a path from the project's root, or a package's name. */
export interface Import {
  readonly kind: ImportKind;
  readonly target: string;
}

/** Reads every TypeScript file below a folder of the project. */
export function readSourceTree(folder: string): SourceTree {
  const files = new Map<string, string>();
  for (const entry of readdirSync(join(projectRoot, folder), { recursive: true, encoding: 'utf8' })) {
    const path = join(folder, entry);
    if (/\.[cm]?ts$/.test(path)) files.set(path, readFileSync(join(projectRoot, path), 'utf8'));
  }
  return files;
}

// The formatter puts every import and re-export at the start of a line, so no parser is needed to find them.
const staticImport = /^(?:import|export)\s+(type\s)?(?:[^'"();=]*?\sfrom\s+)?'([^']+)'/gm;
const lateImport = /\b(?:import|require|require\.resolve)\(\s*(?:\/\*.*?\*\/\s*)?['"]([^'"]+)['"]/g;

/** The modules that a file names, in no particular order. */
export function importsOf(path: string, text: string): readonly Import[] {
  const imports: Import[] = [];
  for (const [, type, specifier] of text.matchAll(staticImport)) {
    imports.push({ kind: type ? 'type' : 'static', target: targetOf(path, specifier ?? '') });
  }
  for (const [, specifier] of withoutComments(text).matchAll(lateImport)) {
    imports.push({ kind: 'dynamic', target: targetOf(path, specifier ?? '') });
  }
  return imports;
}

function targetOf(importer: string, specifier: string): string {
  if (specifier.startsWith('.')) return join(dirname(importer), specifier).replace(/\.([cm]?)js$/, '.$1ts');
  if (specifier.startsWith('node:')) return specifier;
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '');
}

/** Everything that loading a file loads with it: the file itself, other files, packages and Node's own modules. */
export function loadedWith(entry: string, tree: SourceTree): ReadonlySet<string> {
  const loaded = new Set<string>();
  const waiting = [entry];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (loaded.has(path)) continue;
    loaded.add(path);
    const text = tree.get(path);
    if (text === undefined) continue;
    for (const { kind, target } of importsOf(path, text)) if (kind === 'static') waiting.push(target);
  }
  return loaded;
}
