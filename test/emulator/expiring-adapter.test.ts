import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ExpiringAdapter } from '../../src/emulator/expiring-adapter.js';

describe('ExpiringAdapter', () => {
  beforeEach(() => void vi.useFakeTimers({ now: 1_000_000 }));
  afterEach(() => void vi.useRealTimers());

  it('forgets what has expired', async () => {
    const adapter = new ExpiringAdapter();
    await adapter.upsert('a', { jti: 'a', uid: 'u' }, 60);
    vi.advanceTimersByTime(59_999);
    expect(await adapter.find('a')).toEqual({ jti: 'a', uid: 'u' });
    vi.advanceTimersByTime(1);
    expect(await adapter.findByUid('u')).toBeUndefined();
    expect(await adapter.find('a')).toBeUndefined();
  });

  it('finds by uid and by user code, and marks as consumed', async () => {
    const adapter = new ExpiringAdapter();
    await adapter.upsert('a', { jti: 'a', uid: 'u' }, 60);
    await adapter.upsert('b', { jti: 'b', userCode: 'c' }, 60);
    expect(await adapter.findByUid('u')).toMatchObject({ jti: 'a' });
    expect(await adapter.findByUserCode('c')).toMatchObject({ jti: 'b' });
    await adapter.consume('a');
    expect(await adapter.find('a')).toMatchObject({ consumed: 1000 });
    await adapter.consume('absent');
  });

  it('lets what was consumed count as new for the seconds after its first use', async () => {
    const adapter = new ExpiringAdapter({ reuse: 3 });
    await adapter.upsert('a', { jti: 'a' }, 60);
    await adapter.consume('a');
    vi.advanceTimersByTime(2999);
    expect(await adapter.find('a')).toEqual({ jti: 'a' });
    await adapter.consume('a');
    vi.advanceTimersByTime(1);
    expect(await adapter.find('a')).toEqual({ jti: 'a', consumed: 1000 });
  });

  it('keeps what has expired for the seconds of its afterlife', async () => {
    const adapter = new ExpiringAdapter({ afterlife: 10 });
    await adapter.upsert('a', { jti: 'a' }, 60);
    vi.advanceTimersByTime(69_999);
    expect(await adapter.find('a')).toBeDefined();
    vi.advanceTimersByTime(1);
    expect(await adapter.find('a')).toBeUndefined();
  });

  it('revokes everything of one grant and nothing else', async () => {
    const adapter = new ExpiringAdapter();
    for (const [id, grantId] of [
      ['a', 'g'],
      ['b', 'g'],
      ['c', 'h'],
    ] as const) {
      await adapter.upsert(id, { jti: id, grantId }, 60);
    }
    await adapter.revokeByGrantId('g');
    expect(await Promise.all(['a', 'b', 'c'].map((id) => adapter.find(id)))).toEqual([
      undefined,
      undefined,
      { jti: 'c', grantId: 'h' },
    ]);
  });

  it('does not grow without limit: the oldest go first, and what was written again is not old', async () => {
    const adapter = new ExpiringAdapter();
    await adapter.upsert('kept', { jti: 'kept' });
    await adapter.upsert('oldest', { jti: 'oldest' });
    for (let index = 0; index < 9_998; index += 1) await adapter.upsert(`${index}`, { jti: `${index}` });
    expect(await adapter.find('oldest')).toBeDefined();
    await adapter.upsert('kept', { jti: 'kept' });
    await adapter.upsert('newest', { jti: 'newest' });
    expect(await adapter.find('oldest')).toBeUndefined();
    expect(await adapter.find('kept')).toBeDefined();
    expect(await adapter.find('newest')).toBeDefined();
  });
});
