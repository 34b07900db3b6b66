import { S3Client } from '@aws-sdk/client-s3';
import { clientOptions, FakeAws } from '../../test/fakes/aws-server';
import type { Objects } from '../ports';
import { createObjects } from './s3';

const bucket = { name: 'photos', accountId: '123456789012' };
const OWNER = { 'x-amz-expected-bucket-owner': '123456789012' };
let aws: FakeAws;
let objects: Objects;

beforeEach(async () => {
  aws = await FakeAws.start();
  objects = createObjects(new S3Client({ ...clientOptions(aws.settings), forcePathStyle: true }));
});
afterEach(() => aws.stop());

const xml = (body: string) => {
  aws.answer = (response) => {
    response.writeHead(200, { 'content-type': 'application/xml' });
    response.end(body);
  };
};

test('an object is put with its type, for the expected owner', async () => {
  xml('');
  await objects.put(bucket, 'canary/a 1+2.jpg', Buffer.from('x'), 'image/jpeg');
  expect(aws.received[0]).toMatchObject({
    method: 'PUT',
    url: '/photos/canary/a%201%2B2.jpg?x-id=PutObject',
    headers: { ...OWNER, 'content-type': 'image/jpeg' },
  });
});

test('an object is read whole with its headers and metadata, for the expected owner', async () => {
  aws.answer = (response) => {
    response.writeHead(200, {
      'content-type': 'image/png',
      'cache-control': 'no-cache',
      'content-disposition': 'inline',
      'x-amz-meta-source-etag': '"1"',
    });
    response.end('picture');
  };
  expect(await objects.get(bucket, 'a')).toEqual({
    body: Buffer.from('picture'),
    contentType: 'image/png',
    cacheControl: 'no-cache',
    contentDisposition: 'inline',
    metadata: { 'source-etag': '"1"' },
  });
  expect(aws.received[0]?.headers).toMatchObject(OWNER);
});

test('an object that is not there is not there', async () => {
  aws.fails(404, 'NoSuchKey');
  expect(await objects.get(bucket, 'a')).toBeUndefined();
});

test.each([
  [404, 'NoSuchBucket'],
  [403, 'AccessDenied'],
])('fails when S3 says %i %s', async (status, code) => {
  aws.fails(status, code);
  await expect(objects.get(bucket, 'a')).rejects.toMatchObject({ name: code });
});

test('keys are listed from every page, for the expected owner', async () => {
  const page = (key: string, next = '') =>
    `<ListBucketResult><Contents><Key>${key}</Key></Contents>${next}</ListBucketResult>`;
  const pages = [page('c/a', '<NextContinuationToken>more</NextContinuationToken>'), page('c/b')];
  aws.answer = (response) => {
    response.writeHead(200, { 'content-type': 'application/xml' });
    response.end(pages.shift());
  };
  expect(await objects.keys(bucket, 'c/')).toEqual(['c/a', 'c/b']);
  expect(aws.received.map(({ url }) => url)).toEqual([
    '/photos/?list-type=2&prefix=c%2F',
    '/photos/?continuation-token=more&list-type=2&prefix=c%2F',
  ]);
  expect(aws.received[1]?.headers).toMatchObject(OWNER);
});

test('an object is removed, for the expected owner', async () => {
  xml('');
  await objects.remove(bucket, 'a');
  expect(aws.received[0]).toMatchObject({ method: 'DELETE', headers: OWNER });
});
