import { DockerError, parseFlags } from './arguments';
import type { StoredImage } from './image-store';
import type { Machine } from './machine';

const FLAGS = { values: ['--format', '-f', '--type'] };

/** Templates that a build has used so far. */
const TEMPLATES: Readonly<Record<string, (image: StoredImage) => string>> = {
  '{{.Architecture}}': ({ config }) => config.architecture,
  '{{.Os}}/{{.Architecture}}': ({ config }) => `${config.os}/${config.architecture}`,
  '{{.Config.User}}': ({ config }) => config.config.User,
  '{{.Id}}': ({ digest }) => digest,
};

/** `docker image inspect --format TEMPLATE IMAGE`. */
export function inspect(words: readonly string[], { store }: Machine): void {
  const parsed = parseFlags('image inspect', words, FLAGS);
  const [reference = ''] = parsed.rest;
  const image = store.find(reference);
  if (!image) throw new DockerError(`Error response from daemon: No such image: ${reference}`);
  const template = parsed.values('--format')[0] ?? parsed.values('-f')[0] ?? '';
  const show = TEMPLATES[template];
  if (!show) throw new DockerError(`nobody has taught this docker the format '${template}'`);
  console.log(show(image));
}
