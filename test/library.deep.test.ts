import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';

function options(): ts.CompilerOptions {
  const { config } = ts.readConfigFile(
    fileURLToPath(new URL('../tsconfig.json', import.meta.url)),
    ts.sys.readFile,
  );
  return ts.parseJsonConfigFileContent(config, ts.sys, fileURLToPath(new URL('..', import.meta.url))).options;
}

/** The modules that people import, as the compiler sees them. */
function libraryModules() {
  const files = ['index', 'testing'].map((name) =>
    fileURLToPath(new URL(`../src/${name}.ts`, import.meta.url)),
  );
  const program = ts.createProgram(files, { ...options(), noEmit: true, incremental: false });
  const checker = program.getTypeChecker();
  const exported = files.flatMap((file) => {
    const source = program.getSourceFile(file);
    const module = source && checker.getSymbolAtLocation(source);
    return module === undefined ? [] : checker.getExportsOfModule(module);
  });
  return { checker, symbols: exported.map((symbol) => resolved(symbol, checker)) };
}

function resolved(symbol: ts.Symbol, checker: ts.TypeChecker): ts.Symbol {
  return symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
}

const isOurs = (symbol: ts.Symbol) =>
  symbol.declarations?.some((node) => node.getSourceFile().fileName.includes('/src/')) === true;

/** What a person sees of a symbol by its name: members of classes and interfaces, fields of objects. */
function membersOf(symbol: ts.Symbol, checker: ts.TypeChecker): readonly ts.Symbol[] {
  const isType =
    (symbol.flags & (ts.SymbolFlags.Class | ts.SymbolFlags.Interface | ts.SymbolFlags.TypeAlias)) !== 0;
  // The members of the first are codes, each with its page; what tells the kinds of a union apart, the union says.
  if (!isType || symbol.name === 'DetailsByCode') return [];
  const type = checker.getDeclaredTypeOfSymbol(symbol);
  const parts = type.isIntersection() ? type.types : type.isUnion() ? [] : [type];
  const fields = parts.flatMap((part) => part.getProperties()).filter(isOurs);
  return [...new Set(fields)].filter(({ name }) => !/^__#\d*@?|^#/.test(name));
}

/** What an example may take for granted. */
const prelude = `
import { readFile } from 'node:fs/promises';
import { exitCodeOf, FileStorage, KeychainStorage, LogtoClient, type LogtoConfig, LogtoError, MemoryStorage, readSession } from './index.js';
import { CookieJar, defaultSeed, type Emulator, followSignIn, followSignOut, parseSeed, signIn, startEmulator, testApplication } from './testing.js';
import type { Browser } from 'playwright-core';
import { expect } from 'vitest';
declare const browser: Browser;
declare const client: LogtoClient, config: LogtoConfig, emulator: Emulator, cookies: CookieJar, error: Error;
declare const [authorizationUrl, callbackUrl, endSessionUrl, username, password]: readonly [string, string, string, string, string];
`;

/** What the compiler says of a file beside those of the library. */
function problemsOf(text: string): readonly string[] {
  const file = fileURLToPath(new URL('../src/example-of-a-test.ts', import.meta.url));
  const host = ts.createCompilerHost({});
  const read = host.getSourceFile.bind(host);
  host.getSourceFile = (name, ...rest) =>
    name === file ? ts.createSourceFile(file, text, ts.ScriptTarget.ES2023) : read(name, ...rest);
  const exists = host.fileExists.bind(host);
  host.fileExists = (name) => name === file || exists(name);
  const program = ts.createProgram([file], { ...options(), noEmit: true, incremental: false }, host);
  return [
    ...program.getSyntacticDiagnostics(),
    ...program.getSemanticDiagnostics(program.getSourceFile(file)),
  ].map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, ' '));
}

describe('the library', () => {
  const { checker, symbols } = libraryModules();

  it('says of every name and of every field what it means', () => {
    const silent = symbols.flatMap((symbol) =>
      [symbol, ...membersOf(symbol, checker)]
        .filter((each) => each.getDocumentationComment(checker).length === 0)
        .map((each) => (each === symbol ? symbol.name : `${symbol.name}.${each.name}`)),
    );
    expect(silent).toEqual([]);
  });

  it('shows each class and each function in use', () => {
    const silent = symbols
      .filter(({ flags }) => flags & (ts.SymbolFlags.Class | ts.SymbolFlags.Function))
      .filter((symbol) => !symbol.getJsDocTags(checker).some(({ name }) => name === 'example'))
      .map(({ name }) => name);
    expect(silent).toEqual([]);
  });

  it('has examples that the compiler takes', () => {
    const examples = symbols.flatMap((symbol) =>
      symbol
        .getJsDocTags(checker)
        .filter(({ name }) => name === 'example')
        .map(({ text = [] }) =>
          text
            .map((part) => part.text)
            .join('')
            .replace(/^```ts\n|\n```$/g, ''),
        ),
    );
    expect(examples.length).toBeGreaterThan(10);
    expect(problemsOf([prelude, ...examples.map((code) => `async () => {\n${code}\n};`)].join('\n'))).toEqual(
      [],
    );
  });

  it('is not empty', () => {
    expect(symbols.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['LogtoClient', 'LogtoConfig', 'startEmulator']),
    );
  });
});
