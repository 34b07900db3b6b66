import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { imageEnvironment } from './image-environment';

const DOCKERFILE = `FROM node AS build
ENV BUILD=only
FROM debian
ENV NODE_ENV=production \\
  HOME=/app \\
  LD_PRELOAD=/usr/local/lib/liballocator.so
ENV MALLOC_ARENA_MAX=2
ENTRYPOINT ["/usr/local/bin/node", "--max-semi-space-size=32", "/app/main.js"]
`;

describe('the environment of the image', () => {
  test('is what the last stage sets, without its folders', () => {
    const found = imageEnvironment(DOCKERFILE, (path) => path.replace('/usr/local', '/opt'));
    expect(found).toEqual({
      variables: {
        NODE_ENV: 'production',
        LD_PRELOAD: '/opt/lib/liballocator.so',
        MALLOC_ARENA_MAX: '2',
      },
      nodeOptions: ['--max-semi-space-size=32'],
      missing: [],
    });
  });

  test('says which library of it this machine does not have', () => {
    const { variables, missing } = imageEnvironment(DOCKERFILE, () => undefined);
    expect(variables).toEqual({ NODE_ENV: 'production', MALLOC_ARENA_MAX: '2' });
    expect(missing).toEqual([
      expect.stringContaining('/usr/local/lib/liballocator.so is not on this machine'),
    ]);
  });

  test('can be read from the Dockerfile of the worker', () => {
    const path = join(__dirname, '../../application-code/worker/Dockerfile');
    expect(imageEnvironment(readFileSync(path, 'utf8')).variables).toMatchObject({ NODE_ENV: 'production' });
  });

  test('fails when the entry point starts something else', () => {
    expect(() => imageEnvironment('FROM a\nENTRYPOINT ["/bin/sh"]\n')).toThrow('starts main.js');
  });
});
