import * as z from 'zod/mini';
import {
  LABEL_WORDS,
  type LabelWord,
  labelPatternFault,
} from '../../application-code/worker/src/parts/label';
import {
  DESTINATION_KINDS,
  type DestinationKind,
  SHARD_VARIABLES,
} from '../../application-code/worker/src/shard-settings';
import { declared, given, oneOf, required, setting } from '../../text/setting';
import { kindFault, settings } from './formats';

const anyPattern = z.string({
  error: ({ input }) => `must be a regular expression as a text, but ${given(input)} was given`,
});
const pattern = declared(
  anyPattern.check(({ value, issues }) => {
    const message = labelPatternFault(value);
    if (message) issues.push({ code: 'custom', message, input: value });
  }),
  { must: 'a regular expression with one group or a group `(?<label>…)`' },
);

export const LABEL_SETTINGS = {
  pattern: required(
    pattern,
    'Finds the label in the path of a source below `sourcePrefix`, such as `^([^/]+)/`. A source ' +
      'in whose path it finds none is a dead letter, `NoLabel`.',
  ),
};

/** Where the label of a sample comes from. */
export type Label = LabelWord | { readonly pattern: string };

const LABEL_VALUES = `${LABEL_WORDS.map((word) => `\`${word}\``).join(', ')} or \`{ pattern }\``;
const labelWord = z.literal(LABEL_WORDS, {
  error: ({ input }) => `must be ${LABEL_VALUES}, but ${given(input)} was given`,
});
const labelPattern = settings(LABEL_SETTINGS);

/** Which of both was meant decides what is wrong with it. */
const label = declared(
  z.pipe(
    z.custom<Label>(() => true),
    z.transform((input: Label, { issues }): Label => {
      const schema = Object(input) === input ? labelPattern : labelWord;
      const read = z.safeParse(schema, input);
      if (read.success) return read.data;
      for (const issue of read.error.issues)
        issues.push({ ...issue, input } as z.core.$ZodRawIssue);
      return z.NEVER;
    }),
  ),
  { must: LABEL_VALUES },
);

const { samples, mebibytes, seconds } = SHARD_VARIABLES;

/** What each kind of destination is told. */
export const DESTINATION_SETTINGS = {
  objects: { kind: required(oneOf(['objects']), 'An object for each output.') },
  shards: {
    kind: required(
      oneOf(['shards']),
      'Tar files of many samples, which `npx spillway dataset finish` makes even and indexes.',
    ),
    samples: samples.schema,
    mebibytes: mebibytes.schema,
    seconds: seconds.schema,
    label: setting(
      label,
      'folder',
      'Where the label of a sample comes from: the folder that holds its source, a pattern, or ' +
        'nowhere.',
    ),
  },
};

const union = z.discriminatedUnion(
  'kind',
  [settings(DESTINATION_SETTINGS.objects), settings(DESTINATION_SETTINGS.shards)],
  { error: kindFault('kind', DESTINATION_KINDS) },
);

export const destination = declared(z.prefault(union, { kind: 'objects' }), {
  must: 'settings (see below)',
  about: 'What the destination bucket gets: an object for each output, or shards of a dataset.',
});

/** Names the kind of destination that has a setting which the chosen one does not have. */
export function otherKind(key: string): DestinationKind | undefined {
  return DESTINATION_KINDS.find((kind) => Object.hasOwn(DESTINATION_SETTINGS[kind], key));
}
