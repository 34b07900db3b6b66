import { readFileSync } from 'node:fs';
import { createRequire, SourceMap } from 'node:module';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { build } from '../build.mjs';
import { tellBuildError } from '../text/build-error.mjs';

/** What `cdktf` runs: makes the bundles that are stale, and describes what is deployed. */
const dist = path.join(path.dirname(fileURLToPath(import.meta.url)), 'dist');
const bundle = path.join(dist, 'main.js');

/** With lines of the sources: Node could do so, and would read the map at each start. */
function inSources(trace) {
  const map = new SourceMap(JSON.parse(readFileSync(`${bundle}.map`, 'utf8')));
  const [before, ...places] = trace.split(`${bundle}:`);
  const inSource = (place) => {
    const [bundled = '', line, column] = /^(\d+):(\d+)/.exec(place) ?? [];
    const entry = line ? map.findEntry(line - 1, column - 1) : {};
    const { originalSource: source, originalLine, originalColumn } = entry;
    // Nothing stands behind what esbuild adds.
    if (!source) return `${bundle}:${place}`;
    const there = `${path.join(dist, source)}:${originalLine + 1}:${originalColumn + 1}`;
    return there + place.slice(bundled.length);
  };
  return before + places.map(inSource).join('');
}

process.once('uncaughtException', (error) => {
  console.error(inSources(error.stack ?? String(error)));
  process.exit(1);
});

try {
  await build('lambda/scaler', 'deployer', 'stacks');
  createRequire(import.meta.url)(bundle);
} catch (error) {
  tellBuildError(error);
}
