import { pluralize } from './words';

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
  return `${pluralize(count, unit)} ago`;
}

/** `12:00:05Z`: a time of day in UTC, with its zone. */
export function timeOfDay(milliseconds: number): string {
  return `${new Date(milliseconds).toISOString().slice(11, 19)}Z`;
}

/** `4.2 s`, `3 min 20 s`, `2 h 5 min`. */
export function duration(seconds: number): string {
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3_600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3_600)} h ${Math.floor((whole % 3_600) / 60)} min`;
}

/** `512 bytes`, `64.0 KiB`, `1.5 MiB`. */
export function byteSize(bytes: number): string {
  if (bytes < 1_024) return pluralize(bytes, 'byte');
  const units = ['KiB', 'MiB', 'GiB', 'TiB'];
  const power = Math.min(units.length, Math.floor(Math.log2(bytes) / 10));
  return `${(bytes / 1_024 ** power).toFixed(1)} ${units[power - 1]}`;
}
