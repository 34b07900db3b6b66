import { isAbsolute, join } from 'node:path';

/**
 * The user's cache folder for what we install: `$XDG_CACHE_HOME/spillway` or `~/.cache/spillway`,
 * on macOS `~/Library/Caches/spillway`. A relative `XDG_CACHE_HOME` does not count, as its
 * specification demands.
 */
export function cacheFolder(
  platform: NodeJS.Platform,
  home: string,
  xdgCacheHome: string | undefined,
): string {
  if (xdgCacheHome && isAbsolute(xdgCacheHome)) return join(xdgCacheHome, 'spillway');
  return platform === 'darwin'
    ? join(home, 'Library', 'Caches', 'spillway')
    : join(home, '.cache', 'spillway');
}
