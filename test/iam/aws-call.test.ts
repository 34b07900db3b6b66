import { parseCall } from './aws-call';

const EMPTY = Buffer.alloc(0);
const s3 = (method: string, path: string, headers = {}) => ({ method, path, headers, body: EMPTY });

describe('parseCall', () => {
  test.each([
    ['GET', '/b/ecsproc/a.jpg?x-id=GetObject', 'GetObject', 'ecsproc/a.jpg'],
    ['HEAD', '/b/ecsproc/a%2Bb%20c.jpg', 'HeadObject', 'ecsproc/a+b c.jpg'],
    ['PUT', '/b/processed/%C3%A9.jpg?x-id=PutObject', 'PutObject', 'processed/é.jpg'],
    ['DELETE', '/b/k', 'DeleteObject', 'k'],
  ])('reads %s %s as %s', (method, path, operation, Key) => {
    expect(parseCall(s3(method, path), 200)).toEqual({
      service: 's3',
      operation,
      input: { Bucket: 'b', Key },
      status: 200,
    });
  });

  test('keeps the headers of a PutObject that need a permission of their own', () => {
    const call = parseCall(s3('PUT', '/b/k', { 'x-amz-tagging': 'a=b', 'content-type': 'x' }), 200);
    expect(call.input).toEqual({ Bucket: 'b', Key: 'k', 'x-amz-tagging': 'a=b' });
  });

  test('reads the target and the JSON of SQS, ECS and SSM', () => {
    const body = Buffer.from('{"cluster":"c"}');
    const headers = { 'x-amz-target': 'AmazonEC2ContainerServiceV20141113.RunTask' };
    expect(parseCall({ method: 'POST', path: '/', headers, body }, 400)).toEqual({
      service: 'ecs',
      operation: 'RunTask',
      input: { cluster: 'c' },
      status: 400,
    });
  });

  test('reads the form of EC2', () => {
    const headers = { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' };
    const body = Buffer.from('Action=DescribeSubnets&SubnetId.1=subnet-1&Version=2016-11-15');
    expect(parseCall({ method: 'POST', path: '/', headers, body }, 200)).toEqual({
      service: 'ec2',
      operation: 'DescribeSubnets',
      input: { 'SubnetId.1': 'subnet-1' },
      status: 200,
    });
    const other = Buffer.from('Action=ListTopics&Version=2010-03-31');
    const request = { method: 'POST', path: '/', headers, body: other };
    expect(() => parseCall(request, 200)).toThrow('but recorded');
  });

  test('reads what a listing lists, and which objects go at once', () => {
    const xml =
      '<Delete><Object><Key>canary/a&amp;b.jpg</Key></Object>' +
      '<Object><Key>c</Key></Object></Delete>';
    const goes = { ...s3('POST', '/b?delete'), body: Buffer.from(xml) };
    expect(parseCall(goes, 200)).toMatchObject({
      operation: 'DeleteObjects',
      input: { Bucket: 'b', Keys: ['canary/a&b.jpg', 'c'] },
    });
    expect(parseCall(s3('GET', '/b?list-type=2&prefix=canary%2Fphotos%2F'), 200)).toMatchObject({
      operation: 'ListObjectsV2',
      input: { Bucket: 'b', Prefix: 'canary/photos/' },
    });
  });

  test.each([
    ['an old listing', s3('GET', '/b?prefix=a')],
    ['a part of an upload', s3('PUT', '/b/k?partNumber=1&uploadId=u')],
    ['a policy', s3('PUT', '/b?policy')],
    ['another service', s3('POST', '/', { 'x-amz-target': 'DynamoDB_20120810.GetItem' })],
  ])('fails when it meets %s, which it was not taught', (_what, request) => {
    expect(() => parseCall(request, 200)).toThrow('but recorded');
  });
});
