import type { Happening } from '../history';
import type { Violation } from '../verdict';
import type { Story } from './stories';

/** How one play of a story ended. */
export interface Play {
  readonly ends: string;
  /** Id of the task that was to die; absent when nobody was. */
  readonly victim?: string | undefined;
  readonly happenings: readonly Happening[];
  /** Of the world. */
  readonly defects: readonly string[];
}

const SIGKILL = 137;

/** Whether the task that was to die has died of it. */
export function hasDied({ victim, happenings }: Pick<Play, 'victim' | 'happenings'>): boolean {
  return (
    victim !== undefined &&
    happenings.some(
      ({ what, who, exitCode }) => what === 'task' && who === victim && exitCode === SIGKILL,
    )
  );
}

/** What is wrong with a play, beside what its objects came to. */
export function playViolations(
  story: Pick<Story, 'ends' | 'endsAfterDeath'>,
  play: Play,
): Violation[] {
  const { ends, victim, defects } = play;
  const allowed = [...story.ends, ...(victim === undefined ? [] : (story.endsAfterDeath ?? []))];
  const texts = [
    ...(allowed.includes(ends)
      ? []
      : [`it ends as ${ends}, where only ${allowed.join(' or ')} may be`]),
    ...(victim === undefined || hasDied(play) ? [] : [`${victim} was to die and did not`]),
    ...defects.map((defect) => `the test failed itself: ${defect}`),
  ];
  return texts.map((text) => ({ text, keys: [] }));
}
