/** What a deploy makes and AWS does not have. `cli/target/looking-in.ts` reads its cause. */
export function undeployed(what: string, cause: Error): Error {
  return new Error(`There is no ${what}: deploy the stacks of this environment first.`, { cause });
}
