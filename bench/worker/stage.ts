import { objectCreatedEvent } from '../../pipeline/object-created-event';
import { DestinationDouble, SourceDouble } from './double/objects';
import { DeadLetterQueueDouble, QueueDouble } from './double/queue';

export const SOURCE_BUCKET = 'bench-source';
export const SOURCE_PREFIX = 'ecsproc/';
export const DESTINATION_PREFIX = 'processed/';
export const VISIBILITY_TIMEOUT_SECONDS = 120;
/** The default rendition: what every subject makes of every photo. */
export const RENDITION = { name: '224x224', width: 224, height: 224 } as const;

/** What one subject works on: a full queue and the buckets that its messages speak of. */
export interface Stage {
  readonly files: number;
  /** The distinct photos; source objects are these in turn. */
  readonly photos: readonly Buffer[];
  readonly queue: QueueDouble;
  readonly deadLetters: DeadLetterQueueDouble;
  readonly source: SourceDouble;
  readonly destination: DestinationDouble;
}

/** @param photos At least one JPEG. */
export function buildStage(photos: readonly Buffer[], files: number, roundTripMilliseconds: number): Stage {
  const bodies = new Map<string, Buffer>();
  for (let index = 0; index < files; index++) {
    const photo = photos[index % photos.length];
    if (photo) bodies.set(`${SOURCE_PREFIX}photo-${String(index).padStart(6, '0')}.jpg`, photo);
  }
  const queue = new QueueDouble({
    roundTripMilliseconds,
    visibilityTimeoutSeconds: VISIBILITY_TIMEOUT_SECONDS,
  });
  queue.fill([...bodies].map(([key, body]) => notification(key, body.length)));
  return {
    files,
    photos,
    queue,
    deadLetters: new DeadLetterQueueDouble(),
    source: new SourceDouble(bodies, roundTripMilliseconds),
    destination: new DestinationDouble(roundTripMilliseconds),
  };
}

function notification(key: string, bytes: number): string {
  const origin = { bucket: SOURCE_BUCKET, region: 'us-east-1', configurationId: 'bench', now: 0 };
  return objectCreatedEvent([{ key, bytes, etag: 'd41d8cd98f00b204e9800998ecf8427e' }], origin);
}
