import { spawn } from 'node:child_process';

/** The command that hands an address to the browser, by `process.platform`. */
const OPENERS: Readonly<Record<string, readonly [command: string, ...words: string[]]>> = {
  darwin: ['open'],
  win32: ['cmd', '/c', 'start', ''],
  linux: ['xdg-open'],
};

/**
 * Hands an address to the browser. Where there is none nothing happens: the address is printed
 * anyway.
 */
export function browse(url: string, platform: NodeJS.Platform = process.platform): void {
  const [command, ...words] = OPENERS[platform] ?? [];
  if (!command) return;
  const child = spawn(command, [...words, url], { stdio: 'ignore', detached: true });
  child.on('error', () => undefined);
  child.unref();
}
