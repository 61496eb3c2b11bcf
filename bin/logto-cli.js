#!/usr/bin/env node
// Every Node that knows ES modules must understand this file, so that an old one comes as far as being told.
const [major, minor] = process.versions.node.split('.').map(Number);
if (major > 20 || (major === 20 && minor >= 19)) {
  run();
} else {
  const version = process.versions.node;
  process.stderr.write(
    `logto-cli needs Node.js 20.19 or newer, and this is ${version}: https://nodejs.org\n`,
  );
  process.exitCode = 2;
}

async function run() {
  const { default: module } = await import('node:module');
  if (module.enableCompileCache) {
    const { codeCache } = await import('../dist/cli/code-cache.js');
    const cache = codeCache(process.env, process.platform);
    if (cache !== null) module.enableCompileCache(cache);
  }
  // The stack of a bug, which is told then, leads to the source.
  if (process.argv.includes('--verbose') || process.argv.includes('-v')) process.setSourceMapsEnabled(true);
  const { runToEnd } = await import('../dist/cli/main.js');
  process.exit(await runToEnd(process.argv.slice(2)));
}
