const { default: Sequencer } = require('@jest/test-sequencer');

/** By the length of the longest file of each; unit tests come last. */
const LONGEST_FIRST = ['rehearsal', 'image', 'chaos', 'e2e'];

const isOf =
  (project) =>
  ({ context }) =>
    context.config.displayName?.name === project;

/**
 * Tests that start an emulator, terraform or a builder come first: they take minutes, and one that
 * began last would run alone at the end. Jest knows how long each took only where it has run
 * before, and takes large files for long ones: so it orders the files of one project alone.
 */
module.exports = class LongTestsFirst extends Sequencer {
  sort(tests) {
    const all = [...tests];
    const isLong = ({ context }) => LONGEST_FIRST.includes(context.config.displayName?.name);
    const groups = [
      ...LONGEST_FIRST.map((project) => all.filter(isOf(project))),
      all.filter((test) => !isLong(test)),
    ];
    return groups.flatMap((group) => super.sort(group));
  }
};
