import { describe, expect, it } from 'vitest';
import {
  DBusReader,
  DBusWriter,
  dbusLength,
  readDBusMessage,
  writeDBusCall,
} from '../../src/storage/dbus-message.js';

/** What dbus-daemon 1.14 and gnome-keyring 42 sent, but for the last, which is big-endian by hand. */
const recorded = {
  nameAcquired:
    '6c04010109000000020000008d00000001016f00150000002f6f72672f667265656465736b746f702f4442757300000002017300140000006f72672e667265656465736b746f702e4442757300000000030173000c0000004e616d6541637175697265640000000006017300040000003a312e3300000000080167000173000007017300140000006f72672e667265656465736b746f702e4442757300000000040000003a312e3300',
  hello:
    '6c02010109000000010000003d00000006017300040000003a312e33000000000501750001000000080167000173000007017300140000006f72672e667265656465736b746f702e4442757300000000040000003a312e3300',
  noService:
    '6c0301014b000000030000007500000006017300040000003a312e350000000004017300290000006f72672e667265656465736b746f702e444275732e4572726f722e53657276696365556e6b6e6f776e000000000000000501750002000000080167000173000007017300140000006f72672e667265656465736b746f702e444275730000000046000000546865206e616d65206f72672e667265656465736b746f702e6e6f626f647920776173206e6f742070726f766964656420627920616e79202e736572766963652066696c657300',
  oneItem:
    '6c020101380000000b0000003500000006017300040000003a312e33000000000801670004616f616f00000000000000050175000300000007017300040000003a312e3100000000300000002b0000002f6f72672f667265656465736b746f702f736563726574732f636f6c6c656374696f6e2f6c6f67696e2f310000000000',
  noItem:
    '6c020101080000000e0000003500000006017300040000003a312e34000000000801670004616f616f00000000000000050175000300000007017300040000003a312e31000000000000000000000000',
  secret:
    '6c0201015f0000000c0000003500000006017300040000003a312e33000000000801670008286f617961797329000000050175000400000007017300040000003a312e3100000000230000002f6f72672f667265656465736b746f702f736563726574732f73657373696f6e2f73320010000000ef2d4db2bd90fa2113dc4875779bee0610000000ec9a03a8689c5078297f0457cd982f2f0a000000746578742f706c61696e00',
  bigEndian: '420201010000000f0000000b00000010050175000000000308016700026f7300000000022f61000000000002626300',
} as const;

function read(name: keyof typeof recorded) {
  const bytes = Buffer.from(recorded[name], 'hex');
  // Its length is told by its first bytes.
  expect(dbusLength(bytes.subarray(0, 16))).toBe(bytes.length);
  return readDBusMessage(bytes);
}

describe('a message of D-Bus that was recorded is read', () => {
  it('as what answers a call', () => {
    const { type, replySerial, signature, body } = read('hello');
    expect({ type, replySerial, signature }).toEqual({ type: 2, replySerial: 1, signature: 's' });
    expect(body.string()).toBe(':1.3');
    expect(body.isAtEnd).toBe(true);
  });

  it('as what answers none', () => {
    expect(read('nameAcquired')).toMatchObject({ type: 4, replySerial: 0 });
  });

  it('as an error', () => {
    expect(read('noService')).toMatchObject({ type: 3, replySerial: 2, signature: 's' });
  });

  it('with its paths', () => {
    const { signature, body } = read('oneItem');
    expect(signature).toBe('aoao');
    expect(body.strings()).toEqual(['/org/freedesktop/secrets/collection/login/1']);
    expect(body.isAtEnd).toBe(false);
    expect(body.strings()).toEqual([]);
    expect(body.isAtEnd).toBe(true);
    const { body: none } = read('noItem');
    expect([none.strings(), none.strings(), none.isAtEnd]).toEqual([[], [], true]);
  });

  it('with its bytes', () => {
    const { signature, body } = read('secret');
    expect(signature).toBe('(oayays)');
    expect(body.string()).toBe('/org/freedesktop/secrets/session/s2');
    expect(body.byteArray().toString('hex')).toBe('ef2d4db2bd90fa2113dc4875779bee06');
    expect(body.byteArray().toString('hex')).toBe('ec9a03a8689c5078297f0457cd982f2f');
    expect(body.string()).toBe('text/plain');
    expect(body.isAtEnd).toBe(true);
  });

  it('in the other byte order', () => {
    const { replySerial, signature, body } = read('bigEndian');
    expect({ replySerial, signature }).toEqual({ replySerial: 3, signature: 'os' });
    expect([body.string(), body.string(), body.isAtEnd]).toEqual(['/a', 'bc', true]);
  });

  it('and refused where its header ends within a field', () => {
    const bytes = Buffer.from(recorded.hello, 'hex');
    expect(bytes[12]).toBe(0x3d);
    bytes[12] = 0x3c;
    expect(() => readDBusMessage(bytes)).toThrow(RangeError);
  });

  it('and refused where it is of no byte order', () => {
    const bytes = Buffer.from([0x78, 2, 1, 1, ...Buffer.alloc(12)]);
    expect(() => dbusLength(bytes)).toThrow(RangeError);
    bytes[0] = 0x6c;
    expect(dbusLength(bytes)).toBe(16);
  });

  it('and refused where a value goes beyond its end', () => {
    const five = Buffer.from([2, 0, 0, 0, 7]);
    expect(() => new DBusReader(five, true).byteArray()).toThrow(RangeError);
    five[0] = 1;
    expect([...new DBusReader(five, true).byteArray()]).toEqual([7]);
  });

  it.each(Object.keys(recorded) as (keyof typeof recorded)[])('and refused where it is cut: %s', (name) => {
    const bytes = Buffer.from(recorded[name], 'hex');
    const bodyStart = bytes.length - (bytes[0] === 66 ? bytes.readUInt32BE(4) : bytes.readUInt32LE(4));
    // Zeros before the body only fill it up.
    const headerEnd = 16 + (bytes[0] === 66 ? bytes.readUInt32BE(12) : bytes.readUInt32LE(12));
    expect(headerEnd).toBeLessThanOrEqual(bodyStart);
    for (let end = 0; end < headerEnd; end += 1) {
      expect(() => readDBusMessage(bytes.subarray(0, end)), `after ${end} bytes`).toThrow(RangeError);
    }
  });
});

it('a call is written as it was when a bus and a keyring understood it', () => {
  const bus = 'org.freedesktop.DBus';
  const hello = { destination: bus, path: '/org/freedesktop/DBus', interface: bus, member: 'Hello' };
  expect(writeDBusCall(1, hello).toString('hex')).toBe(
    '6c01020100000000010000006d00000001016f00150000002f6f72672f667265656465736b746f702f4442757300000002017300140000006f72672e667265656465736b746f702e4442757300000000030173000500000048656c6c6f00000006017300140000006f72672e667265656465736b746f702e4442757300000000',
  );
  const attributes = {
    'xdg:schema': 'org.freedesktop.Secret.Generic',
    service: 'logto-cli',
    account: 'default/tokenSet',
  };
  const search = {
    destination: 'org.freedesktop.secrets',
    path: '/org/freedesktop/secrets',
    interface: 'org.freedesktop.Secret.Service',
    member: 'SearchItems',
    signature: 'a{ss}',
    body: new DBusWriter().array(8, (writer) => {
      for (const [name, value] of Object.entries(attributes)) writer.align(8).string(name).string(value);
    }),
  };
  expect(writeDBusCall(3, search).toString('hex')).toBe(
    '6c01020181000000030000009300000001016f00180000002f6f72672f667265656465736b746f702f736563726574730000000000000000020173001e0000006f72672e667265656465736b746f702e5365637265742e536572766963650000030173000b0000005365617263684974656d73000000000006017300170000006f72672e667265656465736b746f702e73656372657473000801670005617b73737d00000000000079000000000000000a0000007864673a736368656d6100001e0000006f72672e667265656465736b746f702e5365637265742e47656e65726963000000000000070000007365727669636500090000006c6f67746f2d636c6900000000000000070000006163636f756e74001000000064656661756c742f746f6b656e53657400',
  );
});
