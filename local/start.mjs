import { createRequire } from 'node:module';
import process from 'node:process';
import { prepare, printFailure } from './prepare.mjs';

try {
  await prepare();
  createRequire(import.meta.url)('./dist/main.js').main(process.argv.slice(2));
} catch (error) {
  process.exitCode = printFailure(error);
}
