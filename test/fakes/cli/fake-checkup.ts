import type { Checkup } from '../../../cli/ports';

/** An account in which nothing is wrong. */
export const HEALTHY: Checkup = {
  connectionStatus: async () => 'AVAILABLE',
  hearsPushes: async () => true,
  confirmedEndpoints: async () => ['a@example.com'],
  freeAddresses: async () => 1_000,
  vpcs: async () => 1,
  elasticIps: async () => 0,
  quota: async () => 1_000,
  usesEventBridge: async () => true,
};

/** A port that says of a thing that it is not there, as the adapter says it. */
export const lacking = (what: string, name: string) => async (): Promise<never> => {
  throw new Error(`There is no ${what}: deploy.`, {
    cause: Object.assign(new Error('no'), { name }),
  });
};
