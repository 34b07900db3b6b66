import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StackFixture } from '../../test/fakes/stacks/construct-in-stack';
import { delivery } from '../../test/fakes/stacks/delivery-in-stack';
import { onlyOf } from '../../test/fakes/stacks/synthesised';
import { ConfigError } from '../config/blueprint-config';
import { ArtefactBucket } from './artefact-bucket';
import { DeployerArchive } from './deployer-archive';

const folder = mkdtempSync(join(tmpdir(), 'deployer-'));
afterAll(() => rmSync(folder, { recursive: true }));

const upload = (name: string, content?: string) => {
  const archive = join(folder, name);
  if (content !== undefined) writeFileSync(archive, content);
  const fixture = new StackFixture();
  const bucket = new ArtefactBucket(fixture.stack, 'artefacts', { key: undefined });
  const uploaded = new DeployerArchive(fixture.stack, 'deployer', { bucket, archive });
  return { fixture, uploaded, key: onlyOf(fixture.resources(), 'aws_s3_object').key };
};

test('the archive of `npm run build` is uploaded below `deployer/`', () => {
  expect(onlyOf(delivery().resources, 'aws_s3_object')).toEqual({
    bucket: '<artefacts_bucket id>',
    key: expect.stringMatching(/^deployer\/[0-9A-F]{32}\.zip$/),
    source: expect.stringMatching(/^assets\/.*deployer\.zip$/),
    // Without the environment's tags: an object may have ten.
    override_provider: { default_tags: { tags: {} } },
    lifecycle: { create_before_destroy: true },
  });
});

test('the key changes with the content, and only with it', () => {
  const [one, again, other] = [upload('a.zip', 'a'), upload('a.zip', 'a'), upload('b.zip', 'b')];
  expect(again.key).toBe(one.key);
  expect(other.key).not.toBe(one.key);
});

test('a role may read exactly this archive', () => {
  const { fixture, uploaded, key } = upload('c.zip', 'c');
  uploaded.grantRead(fixture.role);
  expect(fixture.grants()).toEqual([
    ['ReadDeployer', ['s3:GetObject'], [`arn:aws:s3:::spillway-dev-artefacts-123456789012/${key}`]],
  ]);
});

test('fails when the archive is missing, and names the command that builds it', () => {
  const attempt = () => upload('not-built.zip');
  expect(attempt).toThrow(ConfigError);
  expect(attempt).toThrow(
    /^The deployer's bundle is missing: .*not-built\.zip\. Run `npm run build` and then the same/,
  );
});
