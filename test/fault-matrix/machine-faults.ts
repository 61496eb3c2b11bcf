import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LogtoError } from '../../src/errors.js';
import type { Storage } from '../../src/storage/storage.js';
import { holdPort } from '../support/held-port.js';
import { before, type Fault, later, works } from './fault.js';
import type { Setup } from './sound-setup.js';

const held = {
  doctor: { 'machine.callback-port': 'failed port_in_use' },
  signIn: before('port_in_use', 2),
};

function keyring(code: 'storage_locked' | 'storage_unavailable' | 'storage_failed', exitCode: number): Fault {
  const broken = () => Promise.reject(new LogtoError(code, 'The keychain cannot be used.', 'Mend it.'));
  // A locked keyring answers a question as if it were empty.
  const read = code === 'storage_unavailable' ? broken : async () => null;
  const keychain: Storage = { get: read, set: broken, delete: broken };
  return {
    name: `the keyring fails: ${code}`,
    at: 'Native',
    inject: ({ flags, machine }) => {
      flags['--storage'] = 'keychain';
      machine.keychain = keychain;
    },
    doctor: { 'machine.storage': `failed ${code}` },
    signIn: before(code, exitCode),
  };
}

function clock(seconds: number): Fault['inject'] {
  return ({ machine }: Setup) => {
    machine.now = () => Date.now() + seconds * 1000;
  };
}

const readOnly: Fault = {
  name: 'the storage directory is read-only',
  at: 'Native',
  inject: async ({ home }) => {
    await mkdir(join(home, 'sessions'));
    await chmod(join(home, 'sessions'), 0o500);
  },
  doctor: { 'machine.storage': 'failed storage_unavailable' },
  signIn: before('storage_unavailable', 8),
};

/** Modes do not bind root, nor Windows. */
function isBoundByPermissions(): boolean {
  return process.getuid !== undefined && process.getuid() !== 0;
}

/** Something is wrong with this machine, whatever the provider. */
export const machineFaults: readonly Fault[] = [
  {
    name: 'the port is held on IPv4',
    at: 'Native',
    inject: ({ redirectUri }) => holdPort(Number(new URL(redirectUri).port), '127.0.0.1'),
    ...held,
  },
  {
    name: 'the port is held on IPv6',
    at: 'Native',
    inject: ({ redirectUri }) => holdPort(Number(new URL(redirectUri).port), '::1'),
    ...held,
  },
  keyring('storage_locked', 8),
  keyring('storage_unavailable', 8),
  keyring('storage_failed', 8),
  {
    name: 'something is in the way of the storage directory',
    at: 'Native',
    inject: ({ home }) => writeFile(join(home, 'sessions'), 'a file'),
    doctor: { 'machine.storage': 'failed storage_unavailable' },
    signIn: before('storage_unavailable', 8),
  },
  ...(isBoundByPermissions() ? [readOnly] : []),
  {
    name: 'the clock is 10 minutes slow',
    at: 'Native',
    inject: clock(-600),
    doctor: { 'machine.clock': 'failed clock_skew' },
    signIn: later('clock_skew', 6),
  },
  {
    name: 'the clock is 10 minutes slow, for another provider',
    at: 'plain public',
    inject: clock(-600),
    doctor: { 'machine.clock': 'failed clock_skew' },
    signIn: later('clock_skew', 6),
  },
  {
    name: 'the clock is 10 minutes fast',
    at: 'Native',
    inject: clock(600),
    doctor: { 'machine.clock': 'warning clock_skew' },
    signIn: works,
  },
  {
    name: 'the clock is 2 hours fast',
    at: 'Native',
    inject: clock(7200),
    doctor: { 'machine.clock': 'failed clock_skew' },
    signIn: later('clock_skew', 6),
  },
  {
    name: 'BROWSER names no program',
    at: 'Native',
    inject: ({ environment }) => {
      environment['BROWSER'] = '/no/such/browser';
    },
    doctor: { 'machine.browser': 'warning' },
    signIn: null,
  },
];
