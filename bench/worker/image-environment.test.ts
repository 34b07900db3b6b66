import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ALLOCATOR } from '../../application-code/images/memory/allocator';
import { imageEnvironment } from './image-environment';

const DOCKERFILE = `FROM node AS build
ENV BUILD=only
FROM debian
ENV NODE_ENV=production \\
  HOME=/app \\
  TMPDIR=/scratch
ENV MALLOC_ARENA_MAX=2
ENTRYPOINT ["/usr/local/bin/node", "--max-semi-space-size=32", "/app/main.js"]
`;

describe('the environment of the image', () => {
  test('is what the last stage sets, without its folders', () => {
    expect(imageEnvironment(DOCKERFILE)).toEqual({
      variables: { NODE_ENV: 'production', MALLOC_ARENA_MAX: '2' },
      nodeOptions: ['--max-semi-space-size=32'],
    });
  });

  test(
    'is, in the Dockerfile of the worker, the allocator of local mode and of the ' +
      'tests of memory',
    () => {
      const path = join(__dirname, '../../application-code/images/Dockerfile');
      const { variables } = imageEnvironment(readFileSync(path, 'utf8'));
      expect(variables).toEqual({ NODE_ENV: 'production', ...ALLOCATOR });
    },
  );

  test('fails when the entry point starts something else', () => {
    expect(() => imageEnvironment('FROM a\nENTRYPOINT ["/bin/sh"]\n')).toThrow('starts main.js');
  });
});
