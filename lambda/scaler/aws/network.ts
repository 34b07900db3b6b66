import { DescribeSubnetsCommand, EC2Client, type EC2ClientConfig } from '@aws-sdk/client-ec2';
import type { FreeAddresses, Network } from '../ports';

/**
 * A network of IPv6 alone has more addresses than any fleet needs, and EC2 counts those of IPv4.
 */
const PLENTY = Number.MAX_SAFE_INTEGER;

/**
 * The subnets of the tasks, from EC2. The client is made when it is asked first: a cold start
 * without jobs does not pay for it.
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Subnet.html
 */
export function createNetwork(options: EC2ClientConfig, subnets: readonly string[]): Network {
  let client: EC2Client | undefined;
  return {
    async freeAddresses(): Promise<FreeAddresses> {
      client ??= new EC2Client(options);
      const { Subnets = [] } = await client.send(
        new DescribeSubnetsCommand({ SubnetIds: [...subnets] }),
      );
      const free = new Map(
        Subnets.map(({ SubnetId, AvailableIpAddressCount, Ipv6Native }) => [
          SubnetId,
          Ipv6Native ? PLENTY : AvailableIpAddressCount,
        ]),
      );
      return new Map(subnets.map((subnet) => [subnet, toldOf(subnet, free.get(subnet))]));
    },
  };
}

/** A subnet that is left out would count as full. */
function toldOf(subnet: string, free: number | undefined): number {
  if (free === undefined)
    throw new Error(`EC2 did not tell how many addresses of ${subnet} are free`);
  return free;
}
