import decodeQR from 'qr/decode.js';

/** What matches a colour (ECMA-48, SGR). */
export const escapeOf = (code: string) => `\u001b\\[${code}m`;

/** The light of each dot, as a terminal with these colours as its own would show the lines. */
export function dotsOf(lines: readonly string[], { hasMarks }: { readonly hasMarks: boolean }): boolean[][] {
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
export function scanned(rows: readonly (readonly boolean[])[]): string {
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
