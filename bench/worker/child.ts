import { type Figures, measure } from './measure';
import { readPhotos } from './photos';
import { buildStage, type Stage } from './stage';
import { runPlainLoop } from './subjects/plain-loop';
import { runSharpAlone, tuneSharpAlone } from './subjects/sharp-alone';
import { runWorker } from './subjects/worker';

export const SUBJECTS = ['plain-loop', 'worker', 'sharp-alone'] as const;
export type Subject = (typeof SUBJECTS)[number];

/** What a child process is told; it answers with one `Figures`. */
export interface Order {
  readonly subject: Subject;
  readonly folder: string;
  readonly files: number;
  readonly roundTripMilliseconds: number;
}

/**
 * Measures one subject in this process.
 * @throws Error when the subject did not do the whole of its work, so that its figures would flatter it.
 */
export async function carryOut({ subject, folder, files, roundTripMilliseconds }: Order): Promise<Figures> {
  const stage = buildStage(await readPhotos(folder), files, roundTripMilliseconds);
  switch (subject) {
    case 'plain-loop':
      return checked(stage, await measure('plain loop', files, () => runPlainLoop(stage)));
    case 'worker':
      return checked(stage, await measure('worker', files, () => runWorker(stage)));
    case 'sharp-alone': {
      const atATime = await tuneSharpAlone(stage);
      return measure(`sharp alone, ${atATime} at a time`, files, () => runSharpAlone(stage, atATime));
    }
  }
}

function checked({ files, destination, deadLetters, queue }: Stage, figures: Figures): Figures {
  const written = destination.written.size;
  if (written === files && deadLetters.letters.length === 0 && queue.redeliveries === 0) return figures;
  throw new Error(
    `${figures.subject}: of ${files} files ${written} were written, ${deadLetters.letters.length} dead-lettered ` +
      `(${JSON.stringify(deadLetters.letters[0]?.attributes)}), ${queue.redeliveries} messages came twice`,
  );
}

if (require.main === module) {
  process.once('message', (order: Order) => {
    carryOut(order).then(
      (figures) => process.send?.(figures, () => process.exit(0)),
      (error: Error) => {
        console.error(error.message);
        process.exit(1);
      },
    );
  });
}
