// Starts a program of ours as the built program does: node supervising.js <program> <arguments…>. What it is told:
// `end` ends the program; it says `ended: …` when that has ended, and what that printed.

import { createInterface } from 'node:readline';
import { superviseProgram } from '../../build/program/supervised-program.js';

const [program, ...args] = process.argv.slice(2);
const { SUPERVISED = '{}', ...own } = process.env;
const started = await superviseProgram(program, args, {
  environment: { ...own, ...JSON.parse(SUPERVISED) },
  platform: process.platform,
});
const say = (words) => process.stdout.write(`${JSON.stringify(words)}\n`);
if ('reason' in started) say(started);
else {
  createInterface({ input: process.stdin }).on('line', () => started.end());
  say({ ended: await started.ended, output: started.output() });
}
process.exit();
