/**
 * Reads a small file of our own in one go. Node needs longer to load and start its asynchronous file system than all of
 * these files take to read, and every command waits for them.
 *
 * @throws the system's error, with its `code`
 */
export function readSmallFile(path: string): Buffer {
  // An import of node:fs would evaluate all that it could export, streams and promises included.
  return process.getBuiltinModule('node:fs').readFileSync(path);
}
