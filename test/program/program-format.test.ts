import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { isForeignFormat, isTakenBy } from '../../src/program/program-format.js';

/** The beginning of an ELF file for this processor. */
function elf(machine: number, isBigEndian = false): Buffer {
  const head = Buffer.alloc(64);
  head.write('\u007fELF', 0, 'latin1');
  head[4] = 2;
  head[5] = isBigEndian ? 2 : 1;
  if (isBigEndian) head.writeUInt16BE(machine, 18);
  else head.writeUInt16LE(machine, 18);
  return head;
}

describe('a file that may be run', () => {
  it.each([
    ['a program of this machine', elf(62), 'x64', false],
    ['one of the same family', elf(3), 'x64', false],
    ['one of another machine', elf(183), 'x64', true],
    ['one of another machine', elf(62), 'arm64', true],
    ['one of a machine with the other byte order', elf(22, true), 's390x', false],
    ['one for a machine that is not known here', elf(7), 'another', false],
    ['one that was cut short', Buffer.from('\u007fELF'), 'x64', true],
    ['a script', Buffer.from('#!/bin/sh\necho \0'), 'x64', false],
    ['a script without its first line', Buffer.from('echo 1\n\0'), 'x64', false],
    ['nothing', Buffer.alloc(0), 'x64', false],
    ['a program of Windows', Buffer.from('MZ\u0090\0\u0003\0'), 'x64', true],
  ])('that is %s (%#)', (_what, head, arch, isForeign) => {
    expect(isForeignFormat(head, arch)).toBe(isForeign);
  });

  it.runIf(process.platform === 'linux')('that runs this test is one of this machine', () => {
    expect(isForeignFormat(readFileSync(process.execPath).subarray(0, 256), process.arch)).toBe(false);
  });
});

describe('a format that the kernel was told of', () => {
  const arm =
    'enabled\ninterpreter /usr/bin/qemu-aarch64\nflags: F\noffset 0\nmagic 7f454c46020101\nmask ffffffffffff00\n';

  it.each([
    ['by its first bytes, masked', arm, '/a', elf(183), true],
    ['and is switched off', arm.replace('enabled', 'disabled'), '/a', elf(183), false],
    ['and is another one', arm.replace('7f454c46', '4d5a9000'), '/a', elf(183), false],
    [
      'by its ending',
      'enabled\ninterpreter /x\nflags: \nextension .jar\n',
      '/a.jar',
      Buffer.from('PK\0'),
      true,
    ],
    [
      'by another ending',
      'enabled\ninterpreter /x\nflags: \nextension .jar\n',
      '/a',
      Buffer.from('PK\0'),
      false,
    ],
    ['in no way that is understood', '', '/a', elf(183), false],
  ])('%s', (_what, entry, path, head, isTaken) => {
    expect(isTakenBy(entry, path, head)).toBe(isTaken);
  });
});
