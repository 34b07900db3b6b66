import type { DeployedCheckout } from './deployed-checkout';
import { type Proof, proveDelivery, stopsOf } from './iam';

/** On a checkout on which everything has been done: what was called is what is needed. */
export function needsItsPermissions(opened: () => DeployedCheckout): void {
  describe('IAM', () => {
    let proof: Proof;

    beforeAll(async () => {
      proof = await proveDelivery(opened());
    }, 60_000);

    test('allows every call of build, deployer, canary, pipeline and rules', async () => {
      expect(await proof.refused()).toEqual([]);
    });

    test(
      'denies the same calls aimed at a second environment, and the stop of a task of ' +
        'the fleet',
      async () => {
        expect(stopsOf(proof.needs)).not.toEqual([]);
        const { tried, allowed } = await proof.allowedElsewhere();
        expect(allowed).toEqual([]);
        expect(tried).toBeGreaterThan(proof.needs.length / 2);
      },
    );

    test.each(['build', 'deploy', 'pipeline'] as const)(
      'grants the %s nothing that it does not need',
      (actor) => {
        expect(proof.idle(actor)).toEqual([]);
      },
    );
  });
}
