import { SsmParameter } from '@cdktf/provider-aws/lib/ssm-parameter';
import { Construct } from 'constructs';
import {
  CONFIGURED,
  KNOB_PARAMETERS,
  NO_IMAGE_YET,
  NO_RECIPE_YET,
  RECIPE_PARAMETER,
  type RecipeRecord,
  recipeRecord,
  TASK_DEFINITION_PARAMETER,
} from '../../contract/parameters';
import { EnvironmentScope } from '../iam/environment-scope';

export interface RuntimeParametersProps {
  readonly pipeline: string;
  /** The revision that this stack promotes; absent: the delivery promotes revisions. */
  readonly promoted?: {
    readonly revisionArn: string;
    readonly recipe: RecipeRecord;
  };
}

/**
 * The parameters that control a running pipeline. Terraform creates them; operators and the
 * delivery own their values.
 */
export class RuntimeParameters extends Construct {
  /** Path of all parameters, with a slash at both ends. */
  readonly path: string;

  constructor(scope: Construct, id: string, props: RuntimeParametersProps) {
    super(scope, id);
    this.path = EnvironmentScope.of(this).pipelineNames(props.pipeline).parameterPath;
    for (const knob of KNOB_PARAMETERS) {
      const description = `Runtime knob; \`${CONFIGURED}\`: the value of the configuration holds`;
      this.createParameter(knob, { value: CONFIGURED, description, owned: false });
    }
    this.createParameter(TASK_DEFINITION_PARAMETER, {
      value: props.promoted?.revisionArn ?? NO_IMAGE_YET,
      description:
        'Revision of the task definition that the scaler launches; ' +
        `\`${NO_IMAGE_YET}\`: it launches nothing`,
      owned: props.promoted !== undefined,
    });
    this.createParameter(RECIPE_PARAMETER, {
      value: props.promoted ? recipeRecord(props.promoted.recipe) : NO_RECIPE_YET,
      description:
        'Hashes of the promoted recipe; the time of each version says since when it holds',
      owned: props.promoted !== undefined,
    });
  }

  /**
   * `owned`: whether a deploy resets the value after another writer has changed it. With another
   * description, Terraform would write every parameter, and the value that it has read with it.
   */
  private createParameter(
    name: string,
    { value, description, owned }: { value: string; description: string; owned: boolean },
  ): void {
    new SsmParameter(this, name, {
      name: `${this.path}${name}`,
      description,
      type: 'String',
      value,
      ...(!owned && { lifecycle: { ignoreChanges: ['value'] } }),
    });
  }
}
