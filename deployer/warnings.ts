import type { DeployPorts } from './ports';

/** Does something that must not hide the result of a deploy: a failure is a warning. */
export async function orWarn(
  { say }: Pick<DeployPorts, 'say'>,
  what: string,
  act: () => Promise<unknown>,
): Promise<void> {
  try {
    await act();
  } catch (error) {
    say(`warning: ${what} failed: ${messageOf(error)}`);
  }
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
