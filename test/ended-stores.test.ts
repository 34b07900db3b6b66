import { AsyncLocalStorage, AsyncResource } from 'node:async_hooks';

const EndedStores = require('./ended-stores.cjs');

test('the stores that a test file has used are ended with it', async () => {
  const store = new AsyncLocalStorage<string>();
  const inside = store.run('kept', () => AsyncResource.bind(() => store.getStore()));
  expect(inside()).toBe('kept');
  const globals = { testEnvironmentOptions: {}, globals: {}, fakeTimers: {} };
  const environment = new EndedStores({ projectConfig: globals, globalConfig: {} }, {});
  await environment.teardown();
  expect(inside()).toBeUndefined();
});
