import decodeQR from 'qr/decode.js';
import { describe, expect, it } from 'vitest';
import { columnsOf } from '../../src/output/columns-of.js';
import { qrCode } from '../../src/output/qr-code.js';
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

/** What matches a colour (ECMA-48, SGR). */
const escapeOf = (code: string) => `\u001b\\[${code}m`;

/** The light of each dot, as a terminal with these colours as its own would show the lines. */
function dotsOf(lines: readonly string[], { hasMarks }: Place): boolean[][] {
  const rows: boolean[][] = [];
  for (const line of lines) {
    const upper: boolean[] = [];
    const lower: boolean[] = [];
    let [ink, paper] = ['light', 'dark'];
    for (const [, code, sign] of line.matchAll(new RegExp(`${escapeOf('(\\d+)')}|(.)`, 'gu'))) {
      if (code === '30') ink = 'dark';
      if (code === '39') ink = 'light';
      if (code === '47') paper = 'light';
      if (code === '40' || code === '49') paper = 'dark';
      if (sign === undefined) continue;
      upper.push((sign === '▀' || sign === '█' ? ink : paper) === 'light');
      lower.push((sign === '▄' || sign === '█' ? ink : paper) === 'light');
    }
    rows.push(hasMarks ? upper : upper.filter((_, index) => index % 2 === 0));
    if (hasMarks) rows.push(lower);
  }
  return rows;
}

/** Reads a code as a camera does. */
function scanned(rows: readonly (readonly boolean[])[]): string {
  const scale = 4;
  const [height, width] = [rows.length * scale, (rows[0]?.length ?? 0) * scale];
  const data = new Uint8Array(width * height * 4);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const light = rows[Math.floor(y / scale)]?.[Math.floor(x / scale)] ? 255 : 0;
      data.set([light, light, light, 255], (y * width + x) * 4);
    }
  }
  return decodeQR({ width, height, data });
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
