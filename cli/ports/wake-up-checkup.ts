/** Whether a rule of EventBridge sends events, and the names of its targets. */
export interface RuleState {
  readonly isEnabled: boolean;
  readonly targets: readonly string[];
}

/** What `doctor` asks about uploads that wake a pipeline. Each question may be refused. */
export interface WakeUpCheckup {
  rule(name: string): Promise<RuleState>;
  /** Names of the rules whose events a queue takes. */
  rulesOf(queueName: string): Promise<readonly string[]>;
  /** Lambda's word for the state of its mapping, such as `Enabled`; `Missing` without one. */
  mapping(names: { queueName: string; functionName: string }): Promise<string>;
  /** Most runs of a function at a time; infinite where it reserves none. */
  mostRuns(functionName: string): Promise<number>;
}
