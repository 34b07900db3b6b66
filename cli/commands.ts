import type { Command } from 'commander';
import { deliverCommand } from './commands/deliver';
import { dlqCommand } from './commands/dlq/dlq';
import { doctorCommand } from './commands/doctor';
import { openCommand } from './commands/open';
import { outputsCommand } from './commands/outputs';
import { pauseCommand } from './commands/pause';
import { reconcileCommand } from './commands/reconcile';
import { resumeCommand } from './commands/resume';
import { revisionsCommand } from './commands/revisions';
import { rollbackCommand } from './commands/rollback';
import { setCommand } from './commands/set';
import { statusCommand } from './commands/status';
import { uploadCommand } from './commands/upload';
import { watchCommand } from './commands/watch';
import type { Session } from './terminal/session';

/** Every command, in the order of `--help`; a new one is a file beside these and a line here. */
export const COMMANDS: readonly ((session: Session) => Command)[] = [
  uploadCommand,
  statusCommand,
  doctorCommand,
  outputsCommand,
  openCommand,
  watchCommand,
  pauseCommand,
  resumeCommand,
  setCommand,
  dlqCommand,
  reconcileCommand,
  revisionsCommand,
  deliverCommand,
  rollbackCommand,
];
