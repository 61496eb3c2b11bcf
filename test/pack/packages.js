import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Packages of which a part is enough, or nothing: what is bundled in their place. */
export const inPlaceOf = {
  undici: join(import.meta.dirname, 'undici-parts.js'),
  depd: join(import.meta.dirname, 'no-deprecations.cjs'),
  destroy: join(import.meta.dirname, 'destroyed-stream.cjs'),
};

/** What is changed in the text of a package on its way into the bundle. Each must be found, once. */
const patches = [
  {
    // It can run commands that are programs of their own. Ours are not, and loading what that takes costs 3 ms.
    file: /[\\/]commander[\\/]lib[\\/]command\.js$/,
    from: "require('node:child_process')",
    to: '{}',
  },
  {
    // HTTP/2 is never spoken, and loading what that takes costs 5 ms.
    file: /[\\/]undici[\\/]lib[\\/]dispatcher[\\/]client-h2\.js$/,
    from: "require('node:http2')",
    to: '{ constants: {} }',
  },
  {
    // It is no dependency, and colours a log that nobody reads.
    file: /[\\/]debug[\\/]src[\\/]node\.js$/,
    from: "require('supports-color')",
    to: 'null',
  },
  // No answer is a web `Response` there, and to ask whether one is loads Node's own undici: 20 ms.
  { file: /[\\/]koa[\\/]lib[\\/]response\.js$/, from: 'val instanceof Response', to: 'false' },
  { file: /[\\/]koa[\\/]lib[\\/]application\.js$/, from: 'body instanceof Response', to: 'false' },
  // Nor is a body a web stream, there or in a request: 1 ms.
  { file: /[\\/]koa[\\/]lib[\\/]response\.js$/, from: 'val instanceof ReadableStream', to: 'false' },
  { file: /[\\/]koa[\\/]lib[\\/]application\.js$/, from: 'body instanceof ReadableStream', to: 'false' },
  {
    file: /[\\/]oauth4webapi[\\/]build[\\/]index\.js$/,
    from: "looseInstanceOf(body, ReadableStream) ? 'half' : undefined",
    to: 'undefined',
  },
  // It is asked whether a snapshot of the process is made alone.
  { file: /[\\/]koa[\\/]lib[\\/]application\.js$/, from: "require('node:v8')", to: '{}' },
  // What words lists of wrong settings: to have it ready has Node load tables, which costs 5 ms.
  ...['conjunction', 'disjunction'].map((type) => ({
    file: /[\\/]oidc-provider[\\/]lib[\\/]helpers[\\/]formatters\.js$/,
    from: `new Intl.ListFormat('en', { type: '${type}' })`,
    to: `{ format: (list) => new Intl.ListFormat('en', { type: '${type}' }).format(list) }`,
  })),
];

/** The media types of mime-db that an OpenID Provider speaks, of 2,500: reading all costs a start of the emulator 15 ms. */
const mediaTypes = [
  'application/json',
  'application/jwk-set+json',
  'application/jwt',
  'application/octet-stream',
  'application/x-www-form-urlencoded',
  'multipart/form-data',
  'text/html',
  'text/plain',
];

/** A plugin that changes those texts, and fails when one is not there. */
export function patched() {
  const applied = new Set();
  return {
    name: 'patches',
    transform(code, id) {
      const own = patches.filter(({ file }) => file.test(id));
      if (own.length === 0) return null;
      let changed = code;
      for (const patch of own) {
        const parts = changed.split(patch.from);
        if (parts.length !== 2) throw new Error(`${patch.from} is there ${parts.length - 1} times in ${id}`);
        applied.add(patch);
        changed = parts.join(patch.to);
      }
      return { code: changed, map: null };
    },
    buildEnd(error) {
      for (const patch of error ? [] : patches) {
        if (!applied.has(patch)) throw new Error(`no file is ${patch.file}, to change ${patch.from}`);
      }
    },
  };
}

/** A plugin that leaves out what is in mime-db of other media types. */
export const fewMediaTypes = {
  name: 'few-media-types',
  transform(code, id) {
    if (!/[\\/]mime-db[\\/]db\.json$/.test(id)) return null;
    const all = Object.entries(JSON.parse(code));
    return {
      code: JSON.stringify(Object.fromEntries(all.filter(([type]) => mediaTypes.includes(type)))),
      map: null,
    };
  },
};

/**
 * A plugin that gives openid-client the `Response` and `Headers` that our modules have. Node's own would load the whole
 * undici that is a part of it: 30 ms.
 *
 * @param {string} module path of the module that has them
 */
export function responseOfOurs(module) {
  const isClient = (id) => /[\\/]node_modules[\\/](?:openid-client|oauth4webapi)[\\/]/.test(id);
  return {
    name: 'response-of-ours',
    transform(code, id) {
      if (!isClient(id) || !/\b(?:Response|Headers)\b/.test(code)) return null;
      // On the line that is there, so that all others keep their places in the source map.
      return { code: `import { Headers, Response } from ${JSON.stringify(module)};${code}`, map: null };
    },
  };
}

/**
 * Whose work is in the bundle, and by which leave: of each package the name, the version, the licence and its text.
 *
 * @param {readonly string[]} moduleIds paths of the modules that are in the bundle
 * @returns {string} the packages in alphabetical order
 */
export function licencesOf(moduleIds) {
  const folder = /.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+/;
  const folders = new Set(moduleIds.flatMap((id) => folder.exec(id) ?? []));
  const parts = [...folders].map((path) => {
    const { name, version, license } = JSON.parse(readFileSync(join(path, 'package.json'), 'utf8'));
    const file = readdirSync(path).find((entry) => /^licen[cs]e/i.test(entry));
    const text = file ? readFileSync(join(path, file), 'utf8').trim() : 'The package has no text of it.';
    return `${name} ${version} (${license})\n\n${text}\n`;
  });
  return parts.sort().join(`\n${'-'.repeat(80)}\n\n`);
}
