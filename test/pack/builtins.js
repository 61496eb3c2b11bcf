import { isBuiltin } from 'node:module';
import { relative } from 'node:path';

const prefix = '\0builtin ';

/**
 * A plugin that gives modules Node's own ones without `import`: that reads everything they export, and what is behind
 * some of it is loaded then. For `node:http` this is Node's copy of undici (its `WebSocket`): half of what a sign-in
 * would load.
 *
 * @param {string} project folder that the paths of modules are told from
 */
export function builtins(project) {
  return {
    name: 'builtins',
    resolveId(id, importer, { kind }) {
      if (!(id.startsWith('node:') || isBuiltin(id)) || importer.startsWith('\0')) return null;
      // One for each that imports it, since one for all would be a file of its own.
      return `${prefix}${id} ${kind} ${encodeURIComponent(relative(project, importer))}`;
    },
    load(id) {
      if (!id.startsWith(prefix)) return null;
      const [, name, kind] = id.split(' ');
      const builtin = `process.getBuiltinModule('${name}')`;
      return kind === 'require-call' ? `module.exports = ${builtin};` : asModule(name, builtin);
    },
  };
}

/** The text of a module of ours, whose late imports of Node's own modules do not take the loader of ES modules either. */
export function withBuiltins(code) {
  return code.replace(/\bimport\('(node:[\w/]+)'\)/g, "Promise.resolve(process.getBuiltinModule('$1'))");
}

function asModule(name, builtin) {
  const names = Object.keys(process.getBuiltinModule(name)).filter((key) => key !== 'default');
  return [
    `const builtin = /* @__PURE__ */ ${builtin};`,
    'const read = (name) => builtin[name];',
    'export default builtin;',
    // What nobody imports goes, since it is pure.
    ...names.map((key) => `const $${key} = /* @__PURE__ */ read('${key}'); export { $${key} as ${key} };`),
  ].join('\n');
}
