import { selfTest } from './self-test';

test('the self-test passes here, with a line for each check', async () => {
  const lines: string[] = [];
  expect(await selfTest((line) => lines.push(line))).toBe(true);
  expect(lines[0]).toMatch(/vips \d+\.\d+\.\d+.*sharp \d+\.\d+\.\d+/);
  expect(lines.slice(2)).toHaveLength(9);
  expect(lines.slice(2).every((line) => line.startsWith('ok '))).toBe(true);
});
