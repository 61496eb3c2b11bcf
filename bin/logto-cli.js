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
  const { start } = await import('../dist/cli/start.js');
  process.exit(await start(process.argv.slice(2)));
}
