import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { spillway } from './spillway-child';

const CREDENTIALS = { AWS_ACCESS_KEY_ID: 'x', AWS_SECRET_ACCESS_KEY: 'x' };

describe('spillway, where the endpoint is not AWS', () => {
  const page = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/html' }).end('<html>Sign in</html>');
  });
  beforeAll(() => once(page.listen(0, '127.0.0.1'), 'listening'));
  afterAll(() => {
    page.close();
    page.closeAllConnections();
  });

  test.each(['revisions', 'status', 'upload .', 'reconcile', 'dlq list'])(
    'fails with one sentence in `%s` when the endpoint is no URL, or a page answers there',
    async (words) => {
      const url = `http://127.0.0.1:${(page.address() as AddressInfo).port}`;
      for (const [AWS_ENDPOINT_URL, sentence] of [
        ['garbage', 'but garbage was given: mend or unset AWS_ENDPOINT_URL'],
        [url, `what answers at ${url} is not AWS (HTTP status 200, text/html)`],
      ] as const) {
        const line = [...words.split(' '), '-e', 'dev', '--json'];
        const { code, err } = await spillway(line, { ...CREDENTIALS, AWS_ENDPOINT_URL });
        expect({ code, error: JSON.parse(err).error }).toEqual({
          code: 1,
          error: expect.stringContaining(sentence),
        });
      }
    },
  );
});
