import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import pMap from 'p-map';
import { JOBS_AT_A_TIME, NOTHING } from './nothing';
import { answerOrders } from './orders';

/** Spawns the program from plain Node: the least that any engine has to do. */
answerOrders({
  spawn: async (folder, count) => {
    await mkdir(join(folder, 'output'), { recursive: true });
    const [program, ...words] = NOTHING.argv;
    const run = async () => {
      const child = spawn(program, words, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
      for (const stream of [child.stdout, child.stderr]) stream.resume();
      const [code] = await once(child, 'close');
      if (code !== 0) throw new Error(`${program} ended with ${code}.`);
    };
    return () => pMap(Array(count).keys(), run, { concurrency: JOBS_AT_A_TIME });
  },
});
