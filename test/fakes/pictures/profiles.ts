/**
 * ICC profiles for tests, as small as littleCMS reads them:
 * https://www.color.org/specification/ICC.1-2001-04.pdf
 */

/** Greys whose numbers are in proportion to the light. */
export function linearGreyProfile(): Buffer {
  const curve = Buffer.concat([Buffer.from('curv'), Buffer.alloc(8)]);
  return profile('GRAY', 'XYZ ', { wtpt: xyz(0.9642, 1, 0.8249), kTRC: curve });
}

/** Inks of another kind: cyan prints red, magenta green, yellow blue, and two of them black. */
export function turnedInksProfile(): Buffer {
  const header = Buffer.alloc(48);
  header.write('mft1');
  // Four inks in, three numbers out, two grid points for each ink, and a matrix that changes
  // nothing.
  header.set([4, 3, 2], 8);
  for (const at of [12, 28, 44]) header.writeInt32BE(0x10000, at);
  const straight = Buffer.from(Array.from({ length: 256 }, (_, value) => value));
  const grid = Array.from({ length: 16 }, (_, inks) => labOf(inks)).flat();
  const curves = (count: number) => Array.from({ length: count }, () => straight);
  const table = Buffer.concat([header, ...curves(4), Buffer.from(grid), ...curves(3)]);
  return profile('CMYK', 'Lab ', { wtpt: xyz(0.9642, 1, 0.8249), A2B0: table });
}

/** @param inks a bit for each of cyan (8), magenta (4), yellow (2) and black (1). */
function labOf(inks: number): number[] {
  const [white, red, green, blue, black] = [
    [100, 0, 0],
    [54, 81, 70],
    [88, -79, 81],
    [30, 68, -112],
    [0, 0, 0],
  ];
  const lab = { 0: white, 8: red, 4: green, 2: blue }[inks] ?? black ?? [];
  const [lightness = 0, a = 0, b = 0] = lab;
  return [Math.round(lightness * 2.55), a + 128, b + 128];
}

function profile(
  space: string,
  connection: string,
  tags: Readonly<Record<string, Buffer>>,
): Buffer {
  const entries = Object.entries(tags);
  const table = Buffer.alloc(4 + 12 * entries.length);
  table.writeUInt32BE(entries.length);
  let at = 128 + table.length;
  entries.forEach(([name, data], index) => {
    table.write(name, 4 + 12 * index);
    table.writeUInt32BE(at, 8 + 12 * index);
    table.writeUInt32BE(data.length, 12 + 12 * index);
    at += data.length;
  });
  const header = Buffer.alloc(128);
  header.writeUInt32BE(at);
  header.writeUInt32BE(0x02100000, 8);
  header.write(`prtr${space}${connection}`, 12);
  header.write('acsp', 36);
  xyz(0.9642, 1, 0.8249).copy(header, 68, 8);
  return Buffer.concat([header, table, ...entries.map(([, data]) => data)]);
}

function xyz(...values: readonly number[]): Buffer {
  const tag = Buffer.alloc(20);
  tag.write('XYZ ');
  for (const [index, value] of values.entries())
    tag.writeInt32BE(Math.round(value * 65_536), 8 + 4 * index);
  return tag;
}
