import { extname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { RenditionSpec } from '../../application-code/images/recipe';
import { outputKey } from '../../application-code/worker/src/job/keys';
import { listedPlan } from '../../application-code/worker/src/job/manifest';
import type { Pipeline } from '../../local/ports';
import type { AwsClients } from '../emulator/clients';
import { s3Record } from '../fakes/worker/events';
import type { Call } from './call';
import type { History } from './history';
import type { Change, ChangePoint, ChaosObject, Version } from './objects';
import { filesOf } from './program/program';
import type { Expected, ExpectedRendition } from './verdict';

/** The user of a run: uploads objects, and changes them while they are being worked on. */
export class Uploads {
  /** Objects that have changes left, by the keys of source and renditions. */
  private readonly byKey = new Map<string, ChaosObject>();
  private readonly left = new Map<ChaosObject, Change[]>();
  /** When the newest version was on its way, in milliseconds since the epoch. */
  private readonly newestAt = new Map<ChaosObject, number>();
  private changing = 0;

  constructor(
    private readonly clients: Pick<AwsClients, 's3' | 'sqs'>,
    private readonly pipeline: Pipeline,
    private readonly objects: readonly ChaosObject[],
    private readonly history: History,
  ) {
    for (const object of objects) {
      this.left.set(object, [...object.changes]);
      const key = this.sourceKey(object);
      for (const { key: one } of [{ key }, ...this.renditions(object)]) this.byKey.set(one, object);
    }
  }

  sourceKey({ path }: ChaosObject): string {
    return `${this.pipeline.sourcePrefix}${path}`;
  }

  /** What has to be there in the end. */
  expected(): readonly Expected[] {
    return this.objects.map((object) => ({
      object,
      sourceKey: this.sourceKey(object),
      renditions: this.renditions(object),
      newestAt: this.newestAt.get(object) ?? 0,
    }));
  }

  async upload(): Promise<void> {
    await Promise.all(
      this.objects.map(async (object) => {
        await this.put(object, object.first);
        if (object.isAnnouncedTwice) await this.announce(object);
      }),
    );
  }

  /** Makes the change that waits for this moment, before the request continues. */
  async passes({ operation, key = '' }: Call, moment: ChangePoint['moment']): Promise<void> {
    const object = this.byKey.get(key);
    const next = object && this.left.get(object)?.[0];
    if (!next || next.at.operation !== operation || next.at.moment !== moment) return;
    await this.change(object);
    await delay(next.holdMilliseconds);
  }

  /** Makes the next change of every object that still has one. @returns whether there was any. */
  async makeChangesLeft(): Promise<boolean> {
    const waiting = this.objects.filter((object) => (this.left.get(object)?.length ?? 0) > 0);
    await Promise.all(waiting.map((object) => this.change(object)));
    return waiting.length > 0 || this.changing > 0;
  }

  private renditions(object: ChaosObject): readonly ExpectedRendition[] {
    const keyOf = (plan: Parameters<typeof outputKey>[1]) =>
      outputKey(this.sourceKey(object), plan, this.pipeline);
    return this.pipeline.outputs.flatMap((plan): ExpectedRendition[] => {
      if (!plan.isManifest) return [{ key: keyOf(plan), ...(plan.settings as RenditionSpec) }];
      const lists = filesOf(extname(object.path)).map((file) => keyOf(listedPlan(file)));
      return [...lists.map((key) => ({ key })), { key: keyOf(plan), lists }];
    });
  }

  private async change(object: ChaosObject): Promise<void> {
    const change = this.left.get(object)?.shift();
    if (!change) return;
    this.changing += 1;
    try {
      if (change.to === 'deleted') await this.delete(object);
      else await this.put(object, change.to);
    } finally {
      this.changing -= 1;
    }
  }

  private async put(object: ChaosObject, { body, ends }: Version): Promise<void> {
    const Key = this.sourceKey(object);
    this.newestAt.set(object, Date.now());
    await this.clients.s3.putObject({ Bucket: this.pipeline.sourceBucket, Key, Body: body });
    this.tell(`uploaded, to end as ${JSON.stringify(ends)}`, Key);
  }

  private async delete(object: ChaosObject): Promise<void> {
    const Key = this.sourceKey(object);
    await this.clients.s3.deleteObject({ Bucket: this.pipeline.sourceBucket, Key });
    this.tell('deleted', Key);
  }

  private async announce(object: ChaosObject): Promise<void> {
    const { sourceBucket, queueUrl } = this.pipeline;
    const Key = this.sourceKey(object);
    const MessageBody = JSON.stringify({ Records: [s3Record(Key, {}, sourceBucket)] });
    await this.clients.sqs.sendMessage({ QueueUrl: queueUrl, MessageBody, DelaySeconds: 1 });
    this.tell('announced once more', Key);
  }

  private tell(text: string, key: string): void {
    this.history.add({ what: 'object', who: 'test', text, keys: [key] });
  }
}
