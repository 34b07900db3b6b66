import { CodeconnectionsConnection } from '@cdktf/provider-aws/lib/codeconnections-connection';
import { DataAwsCodestarconnectionsConnection } from '@cdktf/provider-aws/lib/data-aws-codestarconnections-connection';
import { Op, TerraformSelf, TerraformStack, Token } from 'cdktf';
import { Construct } from 'constructs';
import { environmentPrefix } from '../../pipeline/names';
import type { DeliverySource } from './delivery-source';
import type { EnvironmentScope } from './environment-scope';
import type { Grantee } from './grantee';

const AVAILABLE = 'AVAILABLE';

/** A repository by a connection to its provider; a push of the branch that changes one of the paths starts the pipeline. */
export class SourceConnection extends Construct implements DeliverySource {
  readonly provider = 'CodeStarSourceConnection';
  readonly commit = 'CommitId';
  readonly configuration: Readonly<Record<string, string>>;
  readonly push: NonNullable<DeliverySource['push']>;
  readonly outputs: Readonly<Record<string, string>>;
  private readonly connectionArn: string;

  constructor(
    scope: Construct,
    id: string,
    private readonly at: EnvironmentScope,
  ) {
    super(scope, id);
    const { branch, paths, connectionArn, repository } = at.environment.delivery;
    const existing = connectionArn !== null;
    this.connectionArn = existing ? this.lookUp(connectionArn) : this.createConnection();
    this.push = { branch, paths };
    this.configuration = {
      ConnectionArn: this.connectionArn,
      FullRepositoryId: repository ?? '',
      BranchName: branch,
      // The pipeline's trigger filters pushes.
      DetectChanges: 'false',
      OutputArtifactFormat: 'CODE_ZIP',
    };
    this.outputs = existing
      ? {}
      : { confirm_connection: `Confirm the connection once, if it is still pending: ${this.console()}` };
  }

  /** A connection has an ARN of the service as it is called now, or as it was called when it was made. */
  grantRead(grantee: Grantee): void {
    grantee.allow({
      sid: 'UseConnection',
      actions: ['codeconnections:UseConnection', 'codestar-connections:UseConnection'],
      resources: [this.connectionArn],
    });
  }

  private console(): string {
    const { region } = this.at.environment;
    return `https://${region}.console.aws.amazon.com/codesuite/settings/connections?region=${region}`;
  }

  private createConnection(): string {
    const { environment } = this.at;
    const connection = new CodeconnectionsConnection(this, 'connection', {
      name: environmentPrefix(environment),
      providerType: environment.delivery.provider,
    });
    // cdktf has no word for a check: it warns, and the deploy goes on.
    TerraformStack.of(this).addOverride('check.connection.assert', [
      {
        condition: Token.asString(Op.eq(connection.connectionStatus, AVAILABLE)),
        error_message: `The connection to ${environment.delivery.provider} is not confirmed yet: no push is built. Confirm it once at ${this.console()}`,
      },
    ]);
    return connection.arn;
  }

  private lookUp(arn: string): string {
    const { name } = this.at.environment;
    return new DataAwsCodestarconnectionsConnection(this, 'connection', {
      arn,
      lifecycle: {
        postcondition: [
          {
            condition: Token.asString(Op.eq(TerraformSelf.getString('connection_status'), AVAILABLE)),
            errorMessage: `environments.${name}.delivery.connectionArn names a connection that is not available, so that no push is built: finish it at ${this.console()} and deploy again, or name another.`,
          },
        ],
      },
    }).arn;
  }
}
