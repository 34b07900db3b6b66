import { ministackEnvironment } from './ministack-process';

describe('ministackEnvironment', () => {
  const environment = ministackEnvironment('/scratch', 4567, 'me');

  test('binds to loopback alone', () => {
    expect(environment).toMatchObject({ BIND_HOST: '127.0.0.1', GATEWAY_PORT: '4567' });
  });

  test('has no variable of the user except the PATH', () => {
    process.env.AWS_PROFILE = 'production';
    process.env.AWS_ENDPOINT_URL = 'https://example.org';
    process.env.NODE_OPTIONS = '--require /home/ada/hook.js';
    try {
      const variables = ministackEnvironment('/scratch', 4567, 'me');
      expect(variables).toEqual(environment);
      expect(Object.keys(variables)).not.toEqual(expect.arrayContaining(['AWS_PROFILE']));
      expect(variables.AWS_ENDPOINT_URL).toBeUndefined();
      expect(variables.NODE_OPTIONS).toBeUndefined();
    } finally {
      delete process.env.AWS_PROFILE;
      delete process.env.AWS_ENDPOINT_URL;
      delete process.env.NODE_OPTIONS;
    }
  });

  test.each(['HOME', 'TMPDIR', 'STATE_DIR', 'S3_DATA_DIR'])(
    'keeps %s inside its own folder',
    (variable) => {
      expect(environment[variable]).toMatch(/^\/scratch/);
    },
  );
});
