#!/usr/bin/env node
// Every Node must understand this file, so that an old one comes as far as being told.
const [major, minor] = process.versions.node.split('.').map(Number);
if (major > 20 || (major === 20 && minor >= 19)) {
  require('../dist/cli/start.cjs')
    .start(process.argv.slice(2))
    .then((exitCode) => process.exit(exitCode));
} else {
  const version = process.versions.node;
  process.stderr.write(
    `logto-cli needs Node.js 20.19 or newer, and this is ${version}: https://nodejs.org\n`,
  );
  process.exitCode = 2;
}
