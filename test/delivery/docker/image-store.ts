import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';

/** Architectures in the words of images. */
export type ImageArchitecture = 'arm64' | 'amd64';

export interface ImageConfig {
  readonly architecture: ImageArchitecture;
  readonly os: 'linux';
  readonly config: {
    readonly User: string;
    readonly Labels: Readonly<Record<string, string>>;
  };
}

export interface StoredImage {
  /** `sha256:…` of the manifest. */
  readonly digest: string;
  readonly manifest: string;
  readonly config: ImageConfig;
  /** JavaScript that the image runs. */
  readonly program: string;
}

const PROGRAM = 'dist/main.js';
export const MANIFEST_TYPE = 'application/vnd.oci.image.manifest.v1+json';

export function sha256(content: string | Buffer): string {
  return `sha256:${createHash('sha256').update(content).digest('hex')}`;
}

/** Images as folders: what was built lies by the digest of its manifest, names point there. */
export class ImageStore {
  constructor(private readonly folder: string) {}

  /** @param contents moved: `dist/main.js` with all that it needs, and `workload/`. */
  add(contents: string, config: ImageConfig): StoredImage {
    const files = [join(contents, PROGRAM), ...filesBelow(join(contents, 'workload'))];
    const layer = Buffer.concat(files.map((file) => readFileSync(file)));
    const manifest = manifestOf(JSON.stringify(config), layer);
    const digest = sha256(manifest);
    const place = this.placeOf(digest);
    if (!existsSync(place)) {
      mkdirSync(dirname(place), { recursive: true });
      renameSync(contents, place);
      writeFileSync(join(place, 'config.json'), JSON.stringify(config));
      writeFileSync(join(place, 'manifest.json'), manifest);
    }
    return this.read(digest);
  }

  /** Adds a name to an image: `repository:tag`, or `repository@sha256:…` once it is pushed. */
  name(reference: string, digest: string): void {
    const names = join(this.folder, 'names');
    mkdirSync(names, { recursive: true });
    writeFileSync(join(names, encodeURIComponent(reference)), digest);
  }

  find(reference: string): StoredImage | undefined {
    const name = join(this.folder, 'names', encodeURIComponent(reference));
    return existsSync(name) ? this.read(readFileSync(name, 'utf8')) : undefined;
  }

  private read(digest: string): StoredImage {
    const place = this.placeOf(digest);
    return {
      digest,
      manifest: readFileSync(join(place, 'manifest.json'), 'utf8'),
      config: JSON.parse(readFileSync(join(place, 'config.json'), 'utf8')) as ImageConfig,
      program: join(place, PROGRAM),
    };
  }

  private placeOf(digest: string): string {
    return join(this.folder, 'images', digest.replace(':', '-'));
  }
}

/** In the order of their names. */
export function filesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

function manifestOf(config: string, layer: Buffer): string {
  const descriptor = (mediaType: string, content: string | Buffer) => ({
    mediaType,
    digest: sha256(content),
    size: content.length,
  });
  return JSON.stringify({
    schemaVersion: 2,
    mediaType: MANIFEST_TYPE,
    config: descriptor('application/vnd.oci.image.config.v1+json', config),
    layers: [descriptor('application/vnd.oci.image.layer.v1.tar+gzip', layer)],
  });
}
