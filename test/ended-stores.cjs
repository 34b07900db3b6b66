const { AsyncLocalStorage } = require('node:async_hooks');
const { TestEnvironment } = require('jest-environment-node');

const { run } = AsyncLocalStorage.prototype;
const stores = new Set();
AsyncLocalStorage.prototype.run = function runAndNote(...values) {
  stores.add(this);
  return run.apply(this, values);
};

/**
 * Node's environment, which ends the stores that a test file has used. Jest's runner makes one for
 * each file, and Node before 24 hands all of them to every promise
 * (https://github.com/nodejs/node/issues/34493): after a hundred files a test of many promises took
 * ten times as long.
 */
module.exports = class EndedStores extends TestEnvironment {
  async teardown() {
    for (const store of stores) store.disable();
    stores.clear();
    await super.teardown();
  }
};
