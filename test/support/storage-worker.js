// A process that uses a storage of the built program: node storage-worker.js <JSON>, see `StorageWork` in
// storage-process.ts. It writes its outcome as JSON and ends with the exit code that belongs to it.
import { pathToFileURL } from 'node:url';

const { dist, kind, options, steps, ending } = JSON.parse(process.argv[2]);
const load = (path) => import(pathToFileURL(`${dist}/${path}`).href);

const { exitCodeOf } = await load('errors.js');
const { FileStorage } = kind === 'file' ? await load('storage/file-storage.js') : {};
const { KeychainStorage } = kind === 'keychain' ? await load('storage/keychain-storage.js') : {};
const storage = kind === 'file' ? new FileStorage(options) : new KeychainStorage(options);

const results = [];
let error = null;
try {
  for (const [operation, ...values] of steps) {
    if (operation === 'hammer') await hammer(...values);
    else results.push((await storage[operation](...values)) ?? null);
  }
} catch (thrown) {
  error = { code: thrown.code, message: thrown.message, hint: thrown.hint };
  process.exitCode = exitCodeOf(thrown);
}
process.stdout.write(`${JSON.stringify({ results, error })}\n`);
if (ending === 'exit') process.exit();
if (ending === 'wait') process.stdin.resume();

async function hammer(key, ...values) {
  for (let count = 0; ; count += 1) {
    const value = values[count % values.length];
    if (value === '') await storage.delete(key);
    else await storage.set(key, value.repeat(100_000));
    if (count === 0) process.stdout.write('hammering\n');
  }
}
