#!/usr/bin/env node
import { createRequire } from 'node:module';
import process from 'node:process';

const fail = (sentence) => {
  console.error(
    process.argv.includes('--json') ? JSON.stringify({ error: sentence }) : `spillway: ${sentence}`,
  );
  process.exitCode = 1;
};

try {
  const { checkNode } = await import('../local/prepare.mjs');
  checkNode(process.versions.node);
  const { build } = await import('../build.mjs');
  await build('cli');
  const { main } = createRequire(import.meta.url)('./dist/main.js');
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (error.code === 'MODULE_NOT_FOUND' || error.code === 'ERR_MODULE_NOT_FOUND')
    fail(
      'a package is missing or stale: run `npm ci` in the checkout and try again ' +
        `(${error.message.split('\n')[0]}).`,
    );
  else if (['PrepareError', 'BuildError'].includes(error.constructor.name)) fail(error.message);
  else throw error;
}
