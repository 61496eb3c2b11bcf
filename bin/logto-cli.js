#!/usr/bin/env node
import module from 'node:module';
import { machineDirectories } from '../dist/cli/directories.js';

// Compiled code is kept beside the program's own files, never in a directory that other users can write to.
module.enableCompileCache?.(machineDirectories(process.env, process.platform).cache);
const { main } = await import('../dist/cli/main.js');
const exitCode = await main(process.argv.slice(2));
// Output to a pipe may still be on its way; nothing else may hold the process.
await Promise.all(
  [process.stdout, process.stderr].map((stream) => new Promise((done) => stream.write('', done))),
);
process.exit(exitCode);
