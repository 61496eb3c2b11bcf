// Loaded before the program (node --import): counts what the program changes on the disk, step by step, writes each
// step down in the file TEST_STEPS, and kills the program by SIGKILL right before the step of number TEST_KILL_AT. A
// write is two steps: before it, and with half of it done. Reading, and the heart-beat of a lock, are no steps.
import fs from 'node:fs';
import promises from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { basename } from 'node:path';

const { TEST_STEPS = '', TEST_KILL_AT = '0' } = process.env;
let count = 0;

/** Whether this is the step to die at. */
function step(what) {
  count += 1;
  // Token and process ids differ from run to run.
  fs.appendFileSync(TEST_STEPS, `${what.replaceAll(/[\da-f]{8}-[\da-f-]{27}.*?(?=\.tmp|$)/g, '*')}\n`);
  return count === Number(TEST_KILL_AT);
}

function die() {
  process.kill(process.pid, 'SIGKILL');
  // It is asynchronous for the process itself: nothing may happen meanwhile.
  for (;;);
}

for (const name of ['mkdir', 'chmod', 'rename', 'rm', 'unlink']) {
  const original = promises[name];
  promises[name] = async (path, ...rest) => {
    if (step(`${name} ${basename(path)}`)) die();
    return await original(path, ...rest);
  };
}

const open = promises.open;
promises.open = async (path, flags = 'r', ...rest) => {
  const changes = flags !== 'r';
  if (changes && step(`open ${basename(path)}`)) die();
  const file = await open(path, flags, ...rest);
  const { writeFile } = file;
  file.writeFile = async (text) => {
    if (step(`write ${basename(path)}`)) die();
    if (step(`half-write ${basename(path)}`)) {
      fs.writeSync(file.fd, text.slice(0, text.length / 2));
      die();
    }
    return await writeFile.call(file, text);
  };
  return file;
};

syncBuiltinESMExports();
