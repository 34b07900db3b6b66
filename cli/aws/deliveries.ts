import type { ActionExecutionDetail } from '@aws-sdk/client-codepipeline';
import type { Deliveries, DeliveryAction } from '../ports/account';
import { namingEndpoint } from './errors';

/** The client is loaded when it is asked first: only one command does. */
export function createDeliveries(options: object): Deliveries {
  return {
    async runOf(pipelineName, sourceVersion) {
      const { CodePipelineClient, ListPipelineExecutionsCommand, paginateListActionExecutions } =
        await import('@aws-sdk/client-codepipeline');
      const client = namingEndpoint(new CodePipelineClient(options));
      // The newest come first; ours is at most some minutes old.
      const { pipelineExecutionSummaries: runs = [] } = await client.send(
        new ListPipelineExecutionsCommand({ pipelineName, maxResults: 20 }),
      );
      const run = runs.find(({ sourceRevisions = [] }) =>
        sourceRevisions.some(({ revisionId }) => revisionId === sourceVersion),
      );
      if (!run) return undefined;
      const { pipelineExecutionId, status = '' } = run;
      const actions: DeliveryAction[] = [];
      const query = { pipelineName, filter: { pipelineExecutionId } };
      for await (const page of paginateListActionExecutions({ client }, query))
        actions.unshift(...(page.actionExecutionDetails ?? []).map(actionOf).reverse());
      return { status, actions };
    },
  };
}

function actionOf(detail: ActionExecutionDetail): DeliveryAction {
  const { stageName, actionName, status, output } = detail;
  const { externalExecutionUrl: url, errorDetails } = output?.executionResult ?? {};
  const error = errorDetails?.message;
  const name = `${stageName} ${actionName}`;
  return { name, status: String(status), ...(error && { error }), ...(url && { url }) };
}
