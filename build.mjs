import { build } from 'esbuild';

/**
 * Bundles what is deployed. The worker keeps sharp outside its bundle, since sharp brings native code;
 * the scaler is one file without dependencies, so that a cold start reads nothing else.
 */
const bundles = [
  {
    entryPoints: ['application-code/worker/src/main.ts'],
    outfile: 'application-code/worker/dist/main.js',
    external: ['sharp'],
  },
  { entryPoints: ['lambda/scaler/handler.ts'], outfile: 'lambda/scaler/dist/index.js' },
];

await Promise.all(
  bundles.map((bundle) =>
    build({
      ...bundle,
      bundle: true,
      platform: 'node',
      target: 'node20',
      format: 'cjs',
      minifySyntax: true,
      sourcemap: 'linked',
      logLevel: 'warning',
    }),
  ),
);
