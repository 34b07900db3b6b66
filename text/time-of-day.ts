/** `12:00:05Z`: a time of day in UTC, with its zone. */
export function timeOfDay(milliseconds: number): string {
  return `${new Date(milliseconds).toISOString().slice(11, 19)}Z`;
}
