/** What the task runner knows of its tasks and the emulator does not; the ECS front reads it. */
export class Fleet {}
