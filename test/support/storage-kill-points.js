// Loaded before the program (node --import): counts what the program changes on the disk, step by step, writes each
// step down in the file TEST_STEPS, and kills the program by SIGKILL right before the step of number TEST_KILL_AT. A
// write is two steps: before it, and with half of it done. Reading, and the heart-beat of a lock, are no steps.
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { basename } from 'node:path';

const { TEST_STEPS = '', TEST_KILL_AT = '0' } = process.env;
const { openSync, writeFileSync, writeSync } = fs;
const steps = openSync(TEST_STEPS, 'a');
/** The names of open files, by descriptor. */
const names = new Map();
let count = 0;

/** Whether this is the step to die at. */
function step(what) {
  count += 1;
  // Token and process ids differ from run to run.
  writeSync(steps, `${what.replaceAll(/[\da-f]{8}-[\da-f-]{27}.*?(?=\.tmp|$)/g, '*')}\n`);
  return count === Number(TEST_KILL_AT);
}

function die() {
  process.kill(process.pid, 'SIGKILL');
  // It is asynchronous for the process itself: nothing may happen meanwhile.
  for (;;);
}

for (const name of ['mkdirSync', 'chmodSync', 'renameSync', 'unlinkSync']) {
  const original = fs[name];
  fs[name] = (path, ...rest) => {
    if (step(`${name.replace('Sync', '')} ${basename(path)}`)) die();
    return original(path, ...rest);
  };
}

fs.openSync = (path, flags = 'r', ...rest) => {
  // What only reads has flags that are numbers.
  const changes = typeof flags === 'string' && flags !== 'r';
  if (changes && step(`open ${basename(path)}`)) die();
  const file = openSync(path, flags, ...rest);
  if (changes) names.set(file, basename(path));
  return file;
};

fs.writeFileSync = (file, text, ...rest) => {
  const name = names.get(file);
  if (name !== undefined) {
    if (step(`write ${name}`)) die();
    if (step(`half-write ${name}`)) {
      writeSync(file, text.slice(0, text.length / 2));
      die();
    }
  }
  return writeFileSync(file, text, ...rest);
};

syncBuiltinESMExports();
