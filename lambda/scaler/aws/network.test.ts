import { fakePort } from '../../../test/fakes/aws-server';
import { createNetwork } from './network';

const port = fakePort((options) => createNetwork(options, ['subnet-1', 'subnet-2']));

const answer = (...subnets: readonly string[]) => ({
  xml:
    `<DescribeSubnetsResponse><subnetSet>${subnets.join('')}</subnetSet>` +
    '</DescribeSubnetsResponse>',
});
const subnet = (id: string, free: number, isIpv6Alone = false) =>
  `<item><subnetId>${id}</subnetId><availableIpAddressCount>${free}</availableIpAddressCount>
   <ipv6Native>${isIpv6Alone}</ipv6Native></item>`;

describe('the free addresses', () => {
  test('are those of the subnets of the tasks, by their ids', async () => {
    const network = await port.open({
      DescribeSubnets: () => answer(subnet('subnet-1', 0), subnet('subnet-2', 251)),
    });
    expect(await network.freeAddresses()).toEqual(
      new Map([
        ['subnet-1', 0],
        ['subnet-2', 251],
      ]),
    );
    expect(port.calls()[0]?.input).toMatchObject({
      'SubnetId.1': 'subnet-1',
      'SubnetId.2': 'subnet-2',
    });
  });

  test('are plenty in a subnet of IPv6 alone, of which EC2 counts none', async () => {
    const network = await port.open({
      DescribeSubnets: () => answer(subnet('subnet-1', 0, true), subnet('subnet-2', 1)),
    });
    expect((await network.freeAddresses()).get('subnet-1')).toBeGreaterThan(1_000_000);
  });

  test('fails when EC2 refuses to tell', async () => {
    const network = await port.open({});
    await expect(network.freeAddresses()).rejects.toThrow();
  });

  test('fails when EC2 leaves a subnet out, which would count as full', async () => {
    const network = await port.open({ DescribeSubnets: () => answer(subnet('subnet-1', 7)) });
    await expect(network.freeAddresses()).rejects.toThrow('subnet-2');
  });
});
