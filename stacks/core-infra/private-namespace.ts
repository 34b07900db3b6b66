import { ServiceDiscoveryPrivateDnsNamespace } from '@cdktf/provider-aws/lib/service-discovery-private-dns-namespace';
import { Construct } from 'constructs';
import { EnvironmentScope } from '../iam/environment-scope';

export interface PrivateNamespaceProps {
  /** Such as `batch.internal`. */
  readonly name: string;
  readonly vpcId: string;
}

/**
 * Names that only the VPC resolves, for services that users put beside the tasks. $0.50 a month.
 */
export class PrivateNamespace extends Construct {
  constructor(scope: Construct, id: string, props: PrivateNamespaceProps) {
    super(scope, id);
    new ServiceDiscoveryPrivateDnsNamespace(this, 'namespace', {
      name: props.name,
      description: `Private names of environment ${EnvironmentScope.of(this).environment.name}`,
      vpc: props.vpcId,
    });
  }
}
