import { spawnSync } from 'node:child_process';
import { hasFakechroot } from './disk';
import { selfTest } from './self-test';

const isComplete = spawnSync('povray', ['--version']).status === 0 && hasFakechroot();
const testWithBoth = isComplete ? test : test.skip;

testWithBoth(
  'the self-test finds all well (skipped without povray and libfakechroot)',
  async () => {
    const lines: string[] = [];
    expect(await selfTest((line) => lines.push(line))).toBe(true);
    expect(lines).toEqual([
      'ok      povray renders a scene',
      'ok      a scene includes what povray comes with',
      'ok      a scene opens its own files alone',
    ]);
  },
);
