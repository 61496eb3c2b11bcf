import { describe, expect, it } from 'vitest';
import { type FoundFile, findProgram, type ProgramSearch } from '../../src/program/find-executable.js';

/** A file system that has these programs, and these files that are none. */
function disk(programs: readonly string[], others: readonly string[] = []) {
  return (path: string): FoundFile =>
    programs.includes(path) ? 'program' : others.includes(path) ? 'no-program' : 'nothing';
}

const windows = (environment: Record<string, string>, look: ProgramSearch['look']): ProgramSearch => ({
  environment,
  platform: 'win32',
  directory: 'C:\\project',
  look,
});
const linux = (environment: Record<string, string>, look: ProgramSearch['look']): ProgramSearch => ({
  environment,
  platform: 'linux',
  directory: '/project',
  look,
});

describe('a program on Windows', () => {
  const path = 'C:\\Windows;"C:\\Program Files\\nodejs"';

  it('is never the one that lies in the working directory', () => {
    const look = disk(['C:\\project\\npm.exe', 'C:\\project\\npm.cmd', 'npm.cmd']);
    for (const PATH of [path, `;${path}`, `.;${path}`, '']) {
      expect(findProgram('npm', windows({ PATH }, look))).toEqual({ path: null, reason: 'not_found' });
    }
  });

  it('is found with the endings of PATHEXT, in their order, directory by directory', () => {
    const look = disk(['C:\\Windows\\npm.CMD', 'C:\\Program Files\\nodejs\\npm.EXE']);
    expect(findProgram('npm', windows({ PATH: path, PATHEXT: '.EXE;.CMD' }, look))).toEqual({
      path: 'C:\\Windows\\npm.CMD',
    });
    const both = disk(['C:\\Windows\\npm.CMD', 'C:\\Windows\\npm.EXE']);
    expect(findProgram('npm', windows({ PATH: path, PATHEXT: '.CMD;.EXE' }, both))).toEqual({
      path: 'C:\\Windows\\npm.CMD',
    });
    expect(findProgram('npm', windows({ PATH: path, PATHEXT: '.EXE;.CMD' }, both))).toEqual({
      path: 'C:\\Windows\\npm.EXE',
    });
  });

  it("is not npm's script for a POSIX shell, which lies beside npm.cmd", () => {
    const look = disk(['C:\\Program Files\\nodejs\\npm', 'C:\\Program Files\\nodejs\\npm.CMD']);
    expect(findProgram('npm', windows({ PATH: path }, look))).toEqual({
      path: 'C:\\Program Files\\nodejs\\npm.CMD',
    });
    expect(findProgram('npm', windows({ PATH: path }, disk(['C:\\Program Files\\nodejs\\npm'])))).toEqual({
      path: null,
      reason: 'not_found',
    });
  });

  it('may be named with its ending, in either case', () => {
    const look = disk(['C:\\Windows\\node.exe', 'C:\\Windows\\a.b.EXE']);
    expect(findProgram('node.exe', windows({ PATH: path }, look))).toEqual({ path: 'C:\\Windows\\node.exe' });
    expect(findProgram('a.b', windows({ PATH: path }, look))).toEqual({ path: 'C:\\Windows\\a.b.EXE' });
  });

  it('may be named by a path, which begins at the working directory', () => {
    const look = disk(['C:\\project\\tool.CMD', 'D:\\bin\\x.EXE']);
    expect(findProgram('.\\tool', windows({}, look))).toEqual({ path: 'C:\\project\\tool.CMD' });
    expect(findProgram('./tool', windows({}, look))).toEqual({ path: 'C:\\project\\tool.CMD' });
    expect(findProgram('D:\\bin\\x', windows({}, look))).toEqual({ path: 'D:\\bin\\x.EXE' });
  });

  it('is found by variables in whatever case they are written', () => {
    const look = disk(['C:\\Windows\\x.ABC']);
    expect(findProgram('x', windows({ Path: path, PathExt: '.ABC' }, look))).toEqual({
      path: 'C:\\Windows\\x.ABC',
    });
  });
});

describe('a program on other systems', () => {
  it('is never the one that lies in the working directory, whatever PATH says', () => {
    const look = disk(['/project/tool', 'tool', './tool']);
    for (const PATH of ['', ':', '.', ':/bin', '/bin::/usr/bin', 'bin:.', './']) {
      expect(findProgram('tool', linux({ PATH }, look))).toEqual({ path: null, reason: 'not_found' });
    }
    expect(findProgram('tool', linux({}, look))).toEqual({ path: null, reason: 'not_found' });
  });

  it('is the first one in PATH that may be run', () => {
    const look = disk(['/usr/bin/tool'], ['/bin/tool']);
    expect(findProgram('tool', linux({ PATH: '/bin:/usr/bin' }, look))).toEqual({ path: '/usr/bin/tool' });
  });

  it('is told apart: what is not there, and what is there and no program', () => {
    const look = disk([], ['/bin/tool', '/project/folder']);
    expect(findProgram('tool', linux({ PATH: '/bin' }, look))).toEqual({ path: null, reason: 'not_started' });
    expect(findProgram('./folder', linux({}, look))).toEqual({ path: null, reason: 'not_started' });
    expect(findProgram('./nothing', linux({}, look))).toEqual({ path: null, reason: 'not_found' });
    expect(findProgram('', linux({ PATH: '/bin' }, look))).toEqual({ path: null, reason: 'not_found' });
  });

  it('is found from a working directory that was removed, where its name does not begin there', () => {
    const nowhere = { ...linux({ PATH: '/bin' }, disk(['/bin/tool'])), directory: null };
    expect(findProgram('tool', nowhere)).toEqual({ path: '/bin/tool' });
    expect(findProgram('/bin/tool', nowhere)).toEqual({ path: '/bin/tool' });
    expect(findProgram('./tool', nowhere)).toEqual({ path: null, reason: 'not_found' });
  });

  it('may have a backslash in its name', () => {
    expect(findProgram('a\\b', linux({ PATH: '/bin' }, disk(['/bin/a\\b'])))).toEqual({ path: '/bin/a\\b' });
  });
});
