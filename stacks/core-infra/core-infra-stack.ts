import { TerraformOutput } from 'cdktf';
import type { Construct } from 'constructs';
import type { ClusterSettings, Environment, NetworkSettings } from '../config/blueprint-config';
import { EnvironmentStack } from '../environment-stack';
import { OwnCluster } from './cluster';
import { ExistingCluster } from './existing-cluster';
import { ExistingNetwork } from './existing-network';
import type { Cluster, Network } from './network';
import { OwnVpc } from './own-vpc';
import { PrivateNamespace } from './private-namespace';

/** What all pipelines of an environment stand on: network and cluster, its own or looked up. */
export class CoreInfraStack extends EnvironmentStack {
  readonly network: Network;
  readonly cluster: Cluster;

  constructor(scope: Construct, environment: Environment) {
    super(scope, 'core-infra', environment);
    const network = this.createNetwork(environment.network);
    this.network = network;
    this.cluster = this.createCluster(environment.cluster, network);
    const { privateDnsNamespace } = environment.network;
    if (privateDnsNamespace) {
      const { vpcId } = this.network;
      new PrivateNamespace(this, 'namespace', { name: privateDnsNamespace, vpcId });
    }
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
      : new OwnCluster(this, 'cluster', { containerInsights, meanwhile: [network] });
  }
}
