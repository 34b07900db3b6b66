import type { Command } from 'commander';
import { dlqCommand } from './commands/dlq/dlq';
import { revisionsCommand } from './commands/revisions';
import { rollbackCommand } from './commands/rollback';
import type { Session } from './session';

/** Every command, in the order of `--help`; a new one is a file beside these and a line here. */
export const COMMANDS: readonly ((session: Session) => Command)[] = [
  dlqCommand,
  revisionsCommand,
  rollbackCommand,
];
