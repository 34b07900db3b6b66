import { ServiceDiscoveryPrivateDnsNamespace } from '@cdktf/provider-aws/lib/service-discovery-private-dns-namespace';
import { TerraformOutput } from 'cdktf';
import { Construct } from 'constructs';
import type { ClusterSettings, Environment, NetworkSettings } from '../config/blueprint-config';
import { EnvironmentStack } from '../environment-stack';
import { ExistingCluster, OwnCluster } from './cluster';
import { ExistingNetwork } from './existing-network';
import type { Cluster, Network } from './network';
import { OwnVpc } from './own-vpc';

/** Network and cluster of all pipelines of an environment, its own or existing ones. */
export class CoreInfraStack extends EnvironmentStack {
  readonly network: Network;
  readonly cluster: Cluster;

  constructor(scope: Construct, environment: Environment) {
    super(scope, 'core-infra', environment);
    const network = this.createNetwork(environment.network);
    this.network = network;
    this.cluster = this.createCluster(environment.cluster, network);
    const { privateDnsNamespace } = environment.network;
    if (privateDnsNamespace) this.createNamespace(privateDnsNamespace, environment.name);
    new TerraformOutput(this, 'vpc_id', { value: this.network.vpcId });
    new TerraformOutput(this, 'subnet_ids', { value: this.network.subnetIds });
    new TerraformOutput(this, 'cluster_name', { value: this.cluster.name });
  }

  private createNetwork({
    vpcId,
    subnetIds,
    assignPublicIp,
    ...own
  }: NetworkSettings): Network & Construct {
    return vpcId
      ? new ExistingNetwork(this, 'network', { vpcId, subnetIds, assignPublicIp })
      : new OwnVpc(this, 'network', own);
  }

  private createCluster(
    { existing, containerInsights }: ClusterSettings,
    network: Construct,
  ): Cluster {
    return existing
      ? new ExistingCluster(this, 'cluster', { name: existing })
      : new OwnCluster(this, 'cluster', { containerInsights, dependsOn: [network] });
  }

  /** For services that users run beside the tasks; only the VPC resolves it. $0.50 a month. */
  private createNamespace(name: string, environment: string): void {
    new ServiceDiscoveryPrivateDnsNamespace(new Construct(this, 'namespace'), 'namespace', {
      name,
      description: `Private names of environment ${environment}`,
      vpc: this.network.vpcId,
    });
  }
}
