import { DataAwsCallerIdentity } from '@cdktf/provider-aws/lib/data-aws-caller-identity';
import { DataAwsPartition } from '@cdktf/provider-aws/lib/data-aws-partition';
import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { Fn, S3Backend, TerraformSelf, TerraformStack } from 'cdktf';
import type { Construct } from 'constructs';
import type { Environment } from './config/blueprint-config';
import { OLDEST_TERRAFORM, PROVIDER_VERSIONS } from './config/terraform-version';
import { EnvironmentScope } from './iam/environment-scope';

/** The base of each stack: provider with account guard and tags, state backend, versions. */
export abstract class EnvironmentStack extends TerraformStack {
  constructor(scope: Construct, name: string, environment: Environment) {
    const id = `${environment.name}-${name}`;
    super(scope, id);
    const { region, allowedAccountIds, tags, backend } = environment;
    new AwsProvider(this, 'aws', {
      region,
      ...(allowedAccountIds.length > 0 && { allowedAccountIds: [...allowedAccountIds] }),
      defaultTags: [
        { tags: { ...tags, 'spillway:environment': environment.name, 'spillway:stack': id } },
      ],
    });
    if (backend) {
      new S3Backend(this, {
        bucket: backend.bucket,
        region: backend.region,
        key: `${backend.prefix}/${id}.tfstate`,
        encrypt: true,
      });
      // cdktf has no property for it.
      this.addOverride('terraform.backend.s3.use_lockfile', true);
    }
    this.addOverride('terraform.required_providers.aws.version', PROVIDER_VERSIONS);
    this.addOverride('terraform.required_version', `>= ${OLDEST_TERRAFORM}`);
    new EnvironmentScope(this, {
      environment,
      accountId: this.lookUpAccount(environment).accountId,
      partition: new DataAwsPartition(this, 'partition').partition,
    });
  }

  /** The provider refuses other accounts, too, but does not name the allowed ones. */
  private lookUpAccount({ name, allowedAccountIds }: Environment): DataAwsCallerIdentity {
    const allowed = allowedAccountIds.join(', ');
    const guard = {
      condition: Fn.contains([...allowedAccountIds], TerraformSelf.getString('account_id')),
      errorMessage:
        `environments.${name} may be deployed into the accounts ${allowed} alone; ` +
        'use credentials of one of them, or change allowedAccountIds.',
    };
    return new DataAwsCallerIdentity(
      this,
      'account',
      allowedAccountIds.length > 0 ? { lifecycle: { postcondition: [guard] } } : {},
    );
  }
}
