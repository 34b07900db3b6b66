/**
 * What npm itself knows of an installation: package-lock.json says what is wanted,
 * node_modules/.package-lock.json what is there, whoever installed it.
 * @typedef {Readonly<Record<string, { readonly version?: string, readonly dev?: boolean, readonly
 *   optional?: boolean, readonly devOptional?: boolean }>>} Packages
 */

/**
 * Whether everything that is wanted is there in its version. What npm may leave out, such as
 * another platform's binaries, does not count.
 * @param {Packages} wanted
 * @param {Packages} there
 * @param {boolean} all with what only tests, checks and deploys need
 */
export function holds(wanted, there, all) {
  return Object.entries(wanted)
    .filter(
      ([place, { dev, optional, devOptional }]) =>
        place.startsWith('node_modules/') && !optional && (all || !(dev || devOptional)),
    )
    .every(
      ([place, { version }]) => there[place] !== undefined && there[place].version === version,
    );
}

/**
 * Whether somebody installed what only tests, checks and deploys need: it is then never taken away.
 * @param {Packages} there
 */
export function holdsDevelopment(there) {
  return Object.values(there).some(({ dev }) => dev === true);
}
