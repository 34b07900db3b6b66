import { createRequire } from 'node:module';
import process from 'node:process';
import { prepare, printFailure } from './prepare.mjs';

try {
  await prepare();
  // Its cache would remain in the temporary folder.
  process.env.TSX_DISABLE_CACHE = '1';
  const { register } = await import('tsx/cjs/api');
  register();
  createRequire(import.meta.url)('./main.ts').main(process.argv.slice(2));
} catch (error) {
  process.exitCode = printFailure(error);
}
