import { GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import sharp from 'sharp';

const { RECIPE, SOURCE_BUCKET, DESTINATION_BUCKET, SOURCE_PREFIX, DESTINATION_PREFIX } =
  process.env;
export const recipe = JSON.parse(RECIPE ?? '[]');

/** Makes the renditions of one picture: several from one decode, at the size of the largest. */
export async function renderAll(source) {
  const [largest, ...others] = [...recipe].sort((one, other) => other.width - one.width);
  if (others.length === 0)
    return [{ ...largest, body: await resize(upright(source), largest).toBuffer() }];
  const { data, info } = await resize(upright(source), largest)
    .raw()
    .toBuffer({ resolveWithObject: true });
  const raw = { width: info.width, height: info.height, channels: info.channels };
  const renditions = [];
  for (const spec of [largest, ...others]) {
    const body = await resize(sharp(data, { raw }), spec).jpeg().toBuffer();
    renditions.push({ ...spec, body });
  }
  return renditions;
}

const upright = (source) => sharp(source, { sequentialRead: true }).autoOrient();

function resize(image, { width, height, fit, withoutEnlargement }) {
  return image.resize({ width, height, fit, withoutEnlargement });
}

/** Get, resize, put: the work of one message, as samples of queue processing show it. */
export async function processMessage(s3, body) {
  for (const { s3: event } of JSON.parse(body).Records) {
    const key = decodeURIComponent(event.object.key.replaceAll('+', ' '));
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: SOURCE_BUCKET, Key: key }));
    const renditions = await renderAll(await Body.transformToByteArray());
    await Promise.all(renditions.map((rendition) => put(s3, key, rendition)));
  }
}

function put(s3, key, { name, body }) {
  const Key = `${DESTINATION_PREFIX}${name}/${key.slice(SOURCE_PREFIX.length)}`;
  const ContentType = key.endsWith('.png') ? 'image/png' : 'image/jpeg';
  return s3.send(
    new PutObjectCommand({ Bucket: DESTINATION_BUCKET, Key, Body: body, ContentType }),
  );
}
