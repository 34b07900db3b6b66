import { CodeconnectionsConnection } from '@cdktf/provider-aws/lib/codeconnections-connection';
import { DataAwsCodestarconnectionsConnection } from '@cdktf/provider-aws/lib/data-aws-codestarconnections-connection';
import { conditional, Op, TerraformSelf, TerraformStack, Token } from 'cdktf';
import { Construct } from 'constructs';
import { EnvironmentScope } from '../../iam/environment-scope';
import type { Grantee } from '../../iam/grantee';
import type { DeliverySource, PushFilter } from './delivery-source';

const AVAILABLE = 'AVAILABLE';

/**
 * A repository by a connection to its provider; a push of the branch that changes one of the paths
 * starts the pipeline. CodePipeline asks the provider for a webhook when a pipeline with a trigger
 * is saved. A connection that is pending then makes none, and its confirmation does not make up for
 * it: the trigger waits for the next deploy.
 * https://github.com/aws-ia/terraform-aws-control_tower_account_factory/issues/589
 */
export class SourceConnection extends Construct implements DeliverySource {
  readonly provider = 'CodeStarSourceConnection';
  readonly commit = 'CommitId';
  readonly configuration: Readonly<Record<string, string>>;
  readonly push: PushFilter;
  readonly outputs: Readonly<Record<string, string>>;
  private readonly connectionArn: string;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    const { branch, paths, connectionArn, repository } =
      EnvironmentScope.of(this).environment.delivery;
    const made = connectionArn === null ? this.createConnection() : undefined;
    this.connectionArn = made?.arn ?? this.lookUp(connectionArn ?? '');
    const isConfirmed = made && isAvailable(made.connectionStatus);
    this.push = { branch, paths, ...(isConfirmed && { isConfirmed }) };
    this.configuration = {
      ConnectionArn: this.connectionArn,
      FullRepositoryId: repository ?? '',
      BranchName: branch,
      // The pipeline's trigger filters pushes.
      DetectChanges: 'false',
      OutputArtifactFormat: 'CODE_ZIP',
    };
    this.outputs = isConfirmed ? { confirm_connection: this.nextStep(isConfirmed) } : {};
  }

  /**
   * A connection has an ARN of the service as it is called now, or as it was called when it was
   * made.
   */
  grantRead(grantee: Grantee): void {
    grantee.allow({
      sid: 'UseConnection',
      actions: ['codeconnections:UseConnection', 'codestar-connections:UseConnection'],
      resources: [this.connectionArn],
    });
  }

  private console(): string {
    const { region } = EnvironmentScope.of(this).environment;
    return `https://${region}.console.aws.amazon.com/codesuite/settings/connections?region=${region}`;
  }

  private nextStep(isConfirmed: string): string {
    const pending = `Confirm the connection at ${this.console()} and deploy again: until then no push is built.`;
    const available = 'The connection is confirmed: a push starts the pipeline.';
    return Token.asString(conditional(isConfirmed, available, pending));
  }

  private createConnection(): CodeconnectionsConnection {
    const { environment, prefix } = EnvironmentScope.of(this);
    const connection = new CodeconnectionsConnection(this, 'connection', {
      name: prefix,
      providerType: environment.delivery.provider,
    });
    // cdktf has no word for a check: it warns, and the deploy goes on.
    TerraformStack.of(this).addOverride('check.connection.assert', [
      {
        condition: isAvailable(connection.connectionStatus),
        error_message: `The connection to ${environment.delivery.provider} is not confirmed yet: no push is built. Confirm it once at ${this.console()} and deploy again, which adds the trigger.`,
      },
    ]);
    return connection;
  }

  private lookUp(arn: string): string {
    const { name } = EnvironmentScope.of(this).environment;
    return new DataAwsCodestarconnectionsConnection(this, 'connection', {
      arn,
      lifecycle: {
        postcondition: [
          {
            condition: isAvailable(TerraformSelf.getString('connection_status')),
            errorMessage: `environments.${name}.delivery.connectionArn names a connection that is not available, so that no push is built: finish it at ${this.console()} and deploy again, or name another.`,
          },
        ],
      },
    }).arn;
  }
}

function isAvailable(status: string): string {
  return Token.asString(Op.eq(status, AVAILABLE));
}
