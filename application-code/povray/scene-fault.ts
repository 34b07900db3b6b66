/** The archive or the scene is wrong, so that trying again cannot help. */
export class SceneFault extends Error {
  override readonly name = 'SceneFault';
}
