/** `12:00:05Z`: a time of the day in UTC, and its zone. */
export function timeOfDay(milliseconds: number): string {
  return `${new Date(milliseconds).toISOString().slice(11, 19)}Z`;
}
