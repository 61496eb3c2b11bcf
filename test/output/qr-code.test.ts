import { describe, expect, it } from 'vitest';
import { columnsOf } from '../../src/output/columns-of.js';
import { qrCode } from '../../src/output/qr-code.js';
import { dotsOf, escapeOf, scanned } from '../support/scanned-code.js';
import { Recorder } from '../support/test-runtime.js';

const address = 'https://tenant.logto.app/device?user_code=RQWN-KLKQ';

interface Place {
  readonly columns: number;
  readonly hasMarks: boolean;
  readonly hasColors: boolean;
}

/** What the terminal shows for a text: the lines as they are written, escapes and all. */
function shown(
  text: string,
  place: Place,
): { readonly lines: readonly string[]; readonly raw: string } | null {
  const recorder = new Recorder(true, place);
  const drawn = qrCode(text, recorder);
  if (drawn === null || !('lines' in drawn)) return null;
  recorder.write(drawn.lines);
  return { lines: recorder.lines, raw: recorder.text };
}

describe('a QR code', () => {
  it.each<[string, Place]>([
    ['with marks and colours', { columns: 80, hasMarks: true, hasColors: true }],
    ['with marks alone', { columns: 80, hasMarks: true, hasColors: false }],
    ['with colours alone', { columns: 80, hasMarks: false, hasColors: true }],
    ['that is narrow', { columns: 40, hasMarks: true, hasColors: true }],
  ])('can be scanned from a terminal %s', (_what, place) => {
    const lines = shown(address, place)?.lines ?? [];
    expect(scanned(dotsOf(lines, place))).toBe(address);
    const widths = lines.map((line) => columnsOf(line.replace(new RegExp(escapeOf('\\d+'), 'gu'), '')));
    expect(Math.max(...widths)).toBeLessThanOrEqual(place.columns);
  });

  it('is not drawn where it does not fit, which says how much it needs', () => {
    const place = { columns: 32, hasMarks: true, hasColors: true };
    expect(qrCode(address, new Recorder(true, place))).toEqual({ columns: 33 });
    expect(qrCode(address, new Recorder(true, { ...place, hasMarks: false }))).toEqual({ columns: 66 });
  });

  it('is not drawn where neither marks nor colours can show it', () => {
    expect(
      qrCode(address, new Recorder(true, { columns: 200, hasMarks: false, hasColors: false })),
    ).toBeNull();
  });

  it('holds nothing that a terminal obeys but colours, whatever the text is', () => {
    const raw = shown('https://x.test/\u001b]0;owned\u0007\n', {
      columns: 80,
      hasMarks: true,
      hasColors: true,
    })?.raw;
    expect(raw?.replace(new RegExp(escapeOf('(30|39|47|49)'), 'gu'), '')).toMatch(/^[ ▀▄█\n]+$/);
  });
});
