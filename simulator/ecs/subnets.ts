import type { Network } from '../../lambda/scaler/ports';

/** Addresses of the subnets; EC2 always answers. */
export class Subnets implements Network {
  readonly ids: readonly string[];
  private readonly left: Map<string, number>;

  /** @param free of each subnet; absent: one subnet that is never full. */
  constructor(free: readonly number[] = [Number.MAX_SAFE_INTEGER]) {
    this.ids = free.map((_count, index) => `subnet-${index + 1}`);
    this.left = new Map(free.map((count, index) => [`subnet-${index + 1}`, count]));
  }

  async freeAddresses(): Promise<ReadonlyMap<string, number>> {
    return new Map(this.left);
  }

  /** Takes an address of the emptiest of these subnets: the scaler asks where there is room. */
  take(ids: readonly string[]): string {
    let subnet = '';
    let room = Number.NEGATIVE_INFINITY;
    for (const id of ids) {
      const left = this.left.get(id) ?? 0;
      if (left > room) [subnet, room] = [id, left];
    }
    this.left.set(subnet, room - 1);
    return subnet;
  }

  free(subnet: string): void {
    this.left.set(subnet, (this.left.get(subnet) ?? 0) + 1);
  }
}
