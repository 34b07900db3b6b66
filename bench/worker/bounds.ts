import type { CaseResult, SubjectResult, Verdict } from './report';
import type { SubjectName } from './subjects';

interface Bound {
  /** Most CPU time, to that of sharp alone. */
  readonly cpuRatio?: number;
  /** Who must take more CPU time. */
  readonly below?: readonly SubjectName[];
  /** Fewest files a second, to those of sharp alone; and more than every peer. */
  readonly speedRatio?: number;
  /** Most requests a file. */
  readonly requests?: Readonly<Record<string, number>>;
  readonly peakRssMiB?: number;
}

const PEERS: readonly SubjectName[] = ['plain-loop', 'sqs-consumer', 'boto3', 'aioboto3', 'go'];
const NOT_GO = PEERS.filter((name) => name !== 'go');
/** Receives of ten from a full queue, and deletes of ten. */
const BATCHES = { ReceiveMessage: 0.12, DeleteMessageBatch: 0.11 };
const MAX_BATCH_ENTRIES = 10;
const FEW_REQUESTS = { ...BATCHES, GET: 1, HEAD: 1 };

/** What the worker has to reach on two cores, by the name of the case. */
export const BOUNDS: Readonly<Record<string, Bound>> = {
  photos: {
    cpuRatio: 1.3,
    below: PEERS,
    speedRatio: 0.65,
    requests: { ...FEW_REQUESTS, PUT: 1 },
    peakRssMiB: 250,
  },
  'photos-4': {
    cpuRatio: 1.25,
    below: PEERS,
    speedRatio: 0.75,
    requests: { ...FEW_REQUESTS, PUT: 4 },
  },
  small: { cpuRatio: 1.9, below: NOT_GO },
  png: { cpuRatio: 1.5, below: PEERS },
  large: { cpuRatio: 1.2 },
  'photos-near': { speedRatio: 0.65 },
  'photos-4-near': { speedRatio: 0.75 },
};

/** Holds a case against its bounds. */
export function verdictsOn(
  { name, title, files, subjects }: CaseResult,
  bounds = BOUNDS,
): Verdict[] {
  const bound = bounds[name];
  const worker = subjects.find((subject) => subject.name === 'worker');
  if (!bound || !worker) return [];
  const peers = subjects.filter((subject) => PEERS.includes(subject.name));
  const most = (what: string, found: number, limit: number | undefined, digits = 2): Verdict[] =>
    limit === undefined
      ? []
      : [
          {
            sentence: `${title}: ${what} ${found.toFixed(digits)}, at most ${limit}`,
            isMet: found <= limit,
          },
        ];
  return [
    ...most('CPU to sharp alone', worker.cpuRatio, bound.cpuRatio),
    ...peers.filter((peer) => bound.below?.includes(peer.name)).map((peer) => lessCpu(title, peer)),
    ...(bound.speedRatio === undefined
      ? []
      : speedVerdicts(title, worker, peers, bound.speedRatio)),
    ...Object.entries(bound.requests ?? {}).flatMap(([kind, limit]) =>
      most(
        `${kind} a file`,
        worker.requestsPerFile[kind] ?? 0,
        requestLimit(kind, limit, files),
        3,
      ),
    ),
    ...most('peak MiB', worker.peakRssMiB, bound.peakRssMiB, 0),
  ];
}

/** Of a few files, the last batch holds less than ten. */
function requestLimit(kind: string, limit: number, files: number): number {
  const fewest = Math.ceil(files / MAX_BATCH_ENTRIES) / files;
  return kind in BATCHES ? Math.max(limit, fewest) : limit;
}

function lessCpu(title: string, { title: peer, worker }: SubjectResult): Verdict {
  const sentence = `${title}: CPU to ${peer} ${worker.cpuRatio.toFixed(3)}, below 1`;
  return { sentence, isMet: worker.cpuRatio < 1 };
}

function speedVerdicts(
  title: string,
  worker: SubjectResult,
  peers: readonly SubjectResult[],
  least: number,
): Verdict[] {
  const ratio = worker.speedRatio.toFixed(2);
  const sentence = `${title}: files/s to sharp alone ${ratio}, at least ${least}`;
  const faster = peers.map(({ title: peer, worker: { speedRatio } }) => ({
    sentence: `${title}: files/s to ${peer} ${speedRatio.toFixed(3)}, above 1`,
    isMet: speedRatio > 1,
  }));
  return [{ sentence, isMet: worker.speedRatio >= least }, ...faster];
}
