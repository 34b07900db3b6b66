/**
 * What npm knows of an installation: package-lock.json has the wanted packages, and
 * node_modules/.package-lock.json has the installed ones.
 * @typedef {Readonly<Record<string, { readonly version?: string, readonly dev?: boolean, readonly
 *   optional?: boolean, readonly devOptional?: boolean }>>} Packages
 */

/**
 * Whether every wanted package is installed in its version. Packages that npm may leave out, such
 * as another platform's binaries, do not count.
 * @param {Packages} wanted
 * @param {Packages} installed
 * @param {boolean} all with the packages that only tests, checks and deploys need
 */
export function isComplete(wanted, installed, all) {
  return Object.entries(wanted)
    .filter(
      ([place, { dev, optional, devOptional }]) =>
        place.startsWith('node_modules/') && !optional && (all || !(dev || devOptional)),
    )
    .every(([place, { version }]) => installed[place]?.version === version);
}

/**
 * Whether an installation has what only tests, checks and deploys need. It then keeps it.
 * @param {Packages} installed
 */
export function hasDevelopment(installed) {
  return Object.values(installed).some(({ dev }) => dev === true);
}
