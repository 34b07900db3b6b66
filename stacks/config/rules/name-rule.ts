/**
 * 1 to `most` lower-case letters, digits and hyphens, without a hyphen at either end, so that names
 * can be joined.
 */
export function isName(name: string, most: number): boolean {
  return name.length <= most && /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/.test(name);
}

export function nameFault(at: string, name: string, most: number): string {
  return (
    `${at} must have a name of 1 to ${most} lower-case letters, digits and hyphens, without ` +
    `a hyphen at either end, but ${JSON.stringify(name)} was given`
  );
}
