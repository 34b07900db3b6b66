import { type LoopbackServer, startLoopbackServer } from '../../local/fargate/loopback-server';
import { spillway } from './spillway-child';

const CREDENTIALS = { AWS_ACCESS_KEY_ID: 'x', AWS_SECRET_ACCESS_KEY: 'x' };

describe('spillway, where the endpoint is not AWS', () => {
  let page: LoopbackServer;
  beforeAll(async () => {
    page = await startLoopbackServer((_request, outgoing) => {
      outgoing.writeHead(200, { 'content-type': 'text/html' }).end('<html>Sign in</html>');
    });
  });
  afterAll(() => page.stop());

  test.each(['revisions', 'status', 'upload .', 'reconcile', 'dlq list'])(
    'fails with one sentence in `%s` when the endpoint is no URL, or a page answers there',
    async (words) => {
      for (const [AWS_ENDPOINT_URL, sentence] of [
        ['garbage', 'but garbage was given: mend or unset AWS_ENDPOINT_URL'],
        [page.endpoint, `what answers at ${page.endpoint} is not AWS (HTTP status 200, text/html)`],
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
