import { CodeconnectionsConnection } from '@cdktf/provider-aws/lib/codeconnections-connection';
import { DataAwsCodestarconnectionsConnection } from '@cdktf/provider-aws/lib/data-aws-codestarconnections-connection';
import { conditional, Op, TerraformSelf, TerraformStack, Token } from 'cdktf';
import { Construct } from 'constructs';
import { EnvironmentScope } from '../../iam/environment-scope';
import type { Grantee } from '../../iam/grantee';
import type { DeliverySource, PushFilter } from './delivery-source';

const AVAILABLE = 'AVAILABLE';

/**
 * A repository behind a connection to its provider; a push to the branch that changes one of the
 * paths starts the delivery. CodePipeline creates the provider's webhook when it saves a trigger. A
 * pending connection creates none, not even when it is confirmed later, so the trigger waits for
 * the next deploy.
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
    const own = connectionArn === null ? this.createConnection() : undefined;
    this.connectionArn = own?.arn ?? this.lookUp(connectionArn ?? '');
    const isConfirmed = own && isAvailable(own.connectionStatus);
    this.push = { branch, paths, ...(isConfirmed && { isConfirmed }) };
    this.configuration = {
      ConnectionArn: this.connectionArn,
      FullRepositoryId: repository ?? '',
      BranchName: branch,
      // The trigger filters pushes instead.
      DetectChanges: 'false',
      OutputArtifactFormat: 'CODE_ZIP',
    };
    this.outputs = isConfirmed ? { confirm_connection: this.nextStep(isConfirmed) } : {};
  }

  /** An older connection still has an ARN of the service's former name. */
  grantRead(grantee: Grantee): void {
    grantee.allow({
      sid: 'UseConnection',
      actions: ['codeconnections:UseConnection', 'codestar-connections:UseConnection'],
      resources: [this.connectionArn],
    });
  }

  private console(): string {
    const { region } = EnvironmentScope.of(this).environment;
    const console = `https://${region}.console.aws.amazon.com/codesuite/settings/connections`;
    return `${console}?region=${region}`;
  }

  private nextStep(isConfirmed: string): string {
    const pending =
      `Confirm the connection at ${this.console()} and deploy again: ` +
      'until then no push is built.';
    const available = 'The connection is confirmed: a push starts the delivery.';
    return Token.asString(conditional(isConfirmed, available, pending));
  }

  private createConnection(): CodeconnectionsConnection {
    const { environment, prefix } = EnvironmentScope.of(this);
    const connection = new CodeconnectionsConnection(this, 'connection', {
      name: prefix,
      providerType: environment.delivery.provider,
    });
    // cdktf has no check block, which warns while the deploy continues.
    TerraformStack.of(this).addOverride('check.connection.assert', [
      {
        condition: isAvailable(connection.connectionStatus),
        error_message:
          `The connection to ${environment.delivery.provider} is not confirmed yet: ` +
          `no push is built. Confirm it once at ${this.console()} and deploy again, ` +
          'which adds the trigger.',
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
            errorMessage:
              `environments.${name}.delivery.connectionArn names a connection that is not ` +
              `available, so no push is built: finish it at ${this.console()} and deploy ` +
              'again, or name another.',
          },
        ],
      },
    }).arn;
  }
}

function isAvailable(status: string): string {
  return Token.asString(Op.eq(status, AVAILABLE));
}
