import { describe, expect, it } from 'vitest';
import { despiteBusyFile } from '../../src/storage/busy-file.js';

/** A file operation that fails so often before it succeeds. */
function failing(times: number, code: string) {
  let calls = 0;
  return () => {
    calls += 1;
    if (calls <= times) throw Object.assign(new Error(code), { code });
    return calls;
  };
}

describe('despiteBusyFile', () => {
  it.each(['EPERM', 'EBUSY', 'EACCES'])('tries again on Windows when a file is in use (%s)', async (code) => {
    expect(await despiteBusyFile(failing(3, code), 'win32')).toBe(4);
  });

  it('gives up after a while', async () => {
    await expect(despiteBusyFile(failing(100, 'EBUSY'), 'win32')).rejects.toMatchObject({ code: 'EBUSY' });
  });

  it('takes the first answer elsewhere, and of other failures', async () => {
    await expect(despiteBusyFile(failing(1, 'EPERM'), 'linux')).rejects.toMatchObject({ code: 'EPERM' });
    await expect(despiteBusyFile(failing(1, 'ENOSPC'), 'win32')).rejects.toMatchObject({ code: 'ENOSPC' });
  });
});
