const { default: Sequencer } = require('@jest/test-sequencer');

const isUnit = ({ context }) => ['unit', 'architecture'].includes(context.config.displayName?.name);

/**
 * Tests that start an emulator, terraform or a builder come first: they take minutes, and one that
 * began last would run alone at the end. Jest knows how long each took only where it has run
 * before, and takes large files for long ones.
 */
module.exports = class LongTestsFirst extends Sequencer {
  sort(tests) {
    const all = [...tests];
    return [...super.sort(all.filter((test) => !isUnit(test))), ...super.sort(all.filter(isUnit))];
  }
};
