import { cacheFolder } from './cache-folder';

describe('cacheFolder', () => {
  test.each([
    ['linux', undefined, '/home/ada/.cache/spillway', 'the default of the XDG specification'],
    ['linux', '/var/cache/ada', '/var/cache/ada/spillway', 'the user moved the cache'],
    ['linux', 'cache', '/home/ada/.cache/spillway', 'a relative path is to be ignored'],
    ['linux', '', '/home/ada/.cache/spillway', 'empty counts as unset'],
    ['darwin', undefined, '/home/ada/Library/Caches/spillway', 'macOS keeps caches there'],
  ] as const)(
    'on %s with XDG_CACHE_HOME=%s is %s: %s',
    (platform, xdgCacheHome, expected, _reason) => {
      expect(cacheFolder(platform, '/home/ada', xdgCacheHome)).toBe(expected);
    },
  );
});
