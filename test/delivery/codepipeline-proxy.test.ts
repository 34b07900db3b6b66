import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { LoopbackServer } from '../../local/ecs/aws-http';
import { startCodePipelineProxy } from './codepipeline-proxy';
import { askJson, readDefinition } from './emulator-api';

const PIPELINE = { name: 'delivery', roleArn: 'arn:role', stages: [] };

describe('the proxy that keeps pipelines', () => {
  const emulator = createServer((_request, response) => response.end('{"from":"the emulator"}'));
  let proxy: LoopbackServer;

  beforeAll(async () => {
    await new Promise<void>((resolve) => emulator.listen(0, '127.0.0.1', resolve));
    proxy = await startCodePipelineProxy(
      `http://127.0.0.1:${(emulator.address() as AddressInfo).port}`,
    );
  });

  afterAll(async () => {
    await proxy.stop();
    emulator.close();
  });

  const ask = (operation: string, input: object) =>
    askJson(proxy.endpoint, {
      service: 'codepipeline',
      target: `CodePipeline_20150709.${operation}`,
      input,
    });

  test('returns a pipeline as it was made, changed and tagged, until it is deleted', async () => {
    await ask('CreatePipeline', { pipeline: PIPELINE, tags: [{ key: 'a', value: '1' }] });
    const { arn, ...kept } = await readDefinition(proxy.endpoint, 'delivery');
    expect(kept).toEqual({ ...PIPELINE, version: 1 });
    expect(arn).toBe('arn:aws:codepipeline:us-east-1:123456789012:delivery');
    await ask('UpdatePipeline', { pipeline: { ...PIPELINE, pipelineType: 'V2' } });
    expect(await readDefinition(proxy.endpoint, 'delivery')).toMatchObject({
      pipelineType: 'V2',
      version: 2,
    });
    await ask('TagResource', { resourceArn: arn, tags: [{ key: 'b', value: '2' }] });
    await ask('UntagResource', { resourceArn: arn, tagKeys: ['a'] });
    expect(await ask('ListTagsForResource', { resourceArn: arn })).toEqual({
      tags: [{ key: 'b', value: '2' }],
    });
    await ask('DeletePipeline', { name: 'delivery' });
    await expect(readDefinition(proxy.endpoint, 'delivery')).rejects.toThrow(
      'PipelineNotFoundException',
    );
  });

  test('passes everything else on', async () => {
    const other = { service: 'ssm', target: 'AmazonSSM.GetParameter', input: {} };
    expect(await askJson(proxy.endpoint, other)).toEqual({ from: 'the emulator' });
  });

  test('fails when it is asked to run a pipeline', async () => {
    await ask('CreatePipeline', { pipeline: PIPELINE });
    await expect(ask('StartPipelineExecution', { name: 'delivery' })).rejects.toThrow(
      'UnknownOperation',
    );
  });
});
