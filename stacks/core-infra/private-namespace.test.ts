import { coreInfra, referencesTo } from '../../test/fakes/stacks/core-infra-in-stack';
import { allOf, onlyOf } from '../../test/fakes/stacks/synthesised';

const TYPE = 'aws_service_discovery_private_dns_namespace';
const privateDnsNamespace = 'batch.internal';

describe('PrivateNamespace', () => {
  test('is none when nothing is said', () => {
    expect(allOf(coreInfra().resources, TYPE)).toEqual([]);
  });

  test('resolves in the own VPC', () => {
    const { resources } = coreInfra({ network: { privateDnsNamespace } });
    expect(onlyOf(resources, TYPE)).toMatchObject({
      name: 'batch.internal',
      vpc: referencesTo(resources, 'aws_vpc')[0],
    });
  });

  test('resolves in an existing VPC', () => {
    const vpcId = 'vpc-0123456789abcdef0';
    const subnetIds = ['subnet-0123456789abcdef0'];
    const { resources, data } = coreInfra({ network: { vpcId, subnetIds, privateDnsNamespace } });
    const [vpc] = Object.keys(data.aws_vpc ?? {});
    expect(onlyOf(resources, TYPE)).toMatchObject({ vpc: `\${data.aws_vpc.${vpc}.id}` });
  });
});
