import sharp from 'sharp';
import { DESTINATION_PREFIX, RENDITION, SOURCE_PREFIX, type Stage } from '../stage';

/**
 * The consumer that samples of queue processing show: receive ten, then for one after the other get, resize with sharp's
 * defaults and put; delete the ten; again until a receive comes back empty.
 */
export async function runPlainLoop({ queue, source, destination }: Stage): Promise<void> {
  for (;;) {
    const messages = await queue.receive(10, 0);
    if (messages.length === 0) return;
    for (const { body } of messages) {
      const key = JSON.parse(body).Records[0].s3.object.key as string;
      const opened = await source.open(key);
      if (!opened) throw new Error(`source object ${key} is gone from the double`);
      const rendition = await sharp(await opened.read())
        .resize({ width: RENDITION.width, height: RENDITION.height, fit: 'inside', withoutEnlargement: true })
        .toBuffer();
      const name = key.slice(SOURCE_PREFIX.length);
      await destination.write({ key: `${DESTINATION_PREFIX}${RENDITION.name}/${name}`, body: rendition });
    }
    await queue.acknowledge(messages.map(({ receiptHandle }) => receiptHandle));
  }
}
