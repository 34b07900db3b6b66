import {
  ignoredSentence,
  type SkippedFile,
  skippedSentence,
  unannouncedSentence,
} from '../../folder/skipped';
import { printable } from '../../text/printable';
import { pluralize } from '../../text/words';
import { sameOptions, type TargetPipeline } from '../target/choose-pipeline';
import type { TargetOptions } from '../target/target';
import { InterruptError, RefusalError } from '../terminal/failures';
import type { Session } from '../terminal/session';
import type { UploadCounts, UploadSettings } from './upload-folder';

/** Files that are named; the others are only counted. */
const MOST_NAMED = 1_000;

/** Outputs that were skipped for a file that is there already. */
interface SkippedOutputs {
  readonly file: string;
  readonly renditions: readonly string[];
}

const inMebibytes = (bytes: number) => (bytes / 1_048_576).toFixed(1);
const mebibytes = ({ bytes }: UploadCounts) => `${inMebibytes(bytes)} MiB`;

/** Shows how far an upload is, and prints at its end what became of the files. */
export class UploadReport {
  private readonly leftOut: SkippedFile[] = [];
  private readonly skipped: SkippedOutputs[] = [];
  private summary = 'nothing uploaded yet';

  constructor(
    private readonly session: Session,
    private readonly options: TargetOptions,
    private readonly chosen: TargetPipeline,
  ) {}

  readonly events: Pick<UploadSettings, 'onSkipped' | 'onLeftOut' | 'onSent' | 'onDone'> = {
    onSkipped: ({ relativePath: file }, renditions) => {
      if (this.skipped.length < MOST_NAMED) this.skipped.push({ file, renditions });
    },
    onLeftOut: (one) => {
      if (this.leftOut.length < MOST_NAMED) this.leftOut.push(one);
    },
    onSent: (file, sentBytes) => {
      const sent = `${inMebibytes(sentBytes)} of ${inMebibytes(file.bytes)} MiB`;
      this.session.showProgress(printable(`${this.summary}; ${file.relativePath} ${sent}`));
    },
    onDone: (counts) => {
      const { uploaded, same } = counts;
      this.summary = `${uploaded} uploaded, ${same} there already, ${mebibytes(counts)}`;
      this.session.showProgress(this.summary);
    },
  };

  /** @throws InterruptError, RefusalError where a file is not uploaded. */
  print(counts: UploadCounts): void {
    const { session, options } = this;
    session.print(options.json ? this.asJson(counts) : this.inWords(counts));
    if (!options.json) this.warn(counts);
    if (session.interruptSignal().aborted)
      throw new InterruptError(
        `stopped after ${pluralize(counts.uploaded, 'file')}: the same command continues from ` +
          'here.',
      );
    if (counts.leftOut > 0)
      throw new RefusalError(`${pluralize(counts.leftOut, 'file')} could not be uploaded.`);
  }

  private asJson(counts: UploadCounts): string {
    const { environment, pipeline } = this.chosen;
    const files = { leftOutFiles: this.leftOut, skippedRenditions: this.skipped };
    return JSON.stringify({ environment, pipeline, ...counts, ...files }, undefined, 2);
  }

  private inWords(counts: UploadCounts): string {
    const { uploaded, same } = counts;
    const sum = `${pluralize(uploaded, 'file')} uploaded, ${mebibytes(counts)}.`;
    const others = same > 0 ? ` ${same} were there already.` : '';
    const next = ` To follow them: npx spillway watch ${sameOptions(this.chosen)}`;
    return `${this.session.paint('green', sum)}${others}${uploaded > 0 ? next : ''}`;
  }

  private warn({ noEvent, outdated, passedOver }: UploadCounts): void {
    const { session, chosen } = this;
    if (noEvent > 0) session.warn(unannouncedSentence(noEvent, chosen.suffixes));
    if (outdated > 0)
      session.warn(
        `Of those that were there already, ${pluralize(outdated, 'file')} ` +
          `${outdated === 1 ? 'lacks' : 'lack'} some outputs of the recipe in force. To make ` +
          `jobs of what is older than it: npx spillway reconcile ${sameOptions(chosen)} ` +
          '--recipe-changed --enqueue',
      );
    if (passedOver > 0) session.warn(ignoredSentence(passedOver));
    for (const { file, renditions } of this.skipped)
      session.warn(
        printable(`${file} is there without ${renditions.join(', ')}, which cannot be made of it.`),
      );
    for (const one of this.leftOut) session.warn(printable(skippedSentence(one)));
  }
}
