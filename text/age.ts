const UNITS = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
] as const;

/** `3 hours ago`: the time from `moment` to `now`, both in milliseconds since the epoch. */
export function age(moment: number, now: number): string {
  const milliseconds = now - moment;
  const [unit, length] = UNITS.find(([, atLeast]) => milliseconds >= atLeast) ?? [];
  if (!unit) return 'just now';
  const count = Math.floor(milliseconds / length);
  return `${count} ${unit}${count === 1 ? '' : 's'} ago`;
}
