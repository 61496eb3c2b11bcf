// A process that takes a lock of the built program: node lock-worker.js <JSON>, see `LockWork` in lock-process.ts.

import { once } from 'node:events';
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';

const { module, options, work, log, counter, times } = JSON.parse(process.argv[2]);
const { fileLock } = await import(pathToFileURL(module).href);
const say = (text) => process.stdout.write(`${text}\n`);
const lock = fileLock({ ...options, onLost: () => say('lost') });

if (work === 'hold') {
  await lock(async () => {
    say('held');
    process.stdin.resume();
    await once(process.stdin, 'end');
  });
  say('released');
} else {
  for (let time = 0; time < times; time += 1) {
    await lock(async () => {
      appendFileSync(log, `enter ${process.pid}\n`);
      const count = Number(readFileSync(counter, 'utf8'));
      await sleep(Math.random() * 3);
      writeFileSync(counter, String(count + 1));
      appendFileSync(log, `leave ${process.pid}\n`);
    });
  }
}
