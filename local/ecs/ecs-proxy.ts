import { ECSClient } from '@aws-sdk/client-ecs';
import { clientSettings } from '../aws/clients';
import {
  type AwsRequest,
  type AwsResponse,
  errorResponse,
  forwardTo,
  startLoopbackServer,
  withBody,
  writeAnswer,
} from './aws-http';
import { Fleet } from './fleet';
import { JobSums } from './job-sums';
import { overlayTask, type WireTask } from './overlay';
import { createRunTask } from './run-task';

/**
 * A loopback proxy before the emulator's ECS and CloudWatch that adds what only the task runner
 * knows.
 */
export interface EcsProxy {
  /** For the scaler (setting `ecsEndpoint` of `provision`), and for anyone who needs exit codes. */
  readonly endpoint: string;
  /** Shared with the task runner. */
  readonly fleet: Fleet;
  stop(): Promise<void>;
}

/**
 * Starts the proxy on a free loopback port. RunTask keeps ECS's limits and client tokens, and
 * splits tasks among providers. DescribeTasks and StopTask answer with the true states of a task,
 * GetMetricData with the jobs that have ended. Every other request passes unchanged.
 */
export async function startEcsProxy(emulatorEndpoint: string): Promise<EcsProxy> {
  const fleet = new Fleet();
  const jobSums = new JobSums();
  fleet.on('job', jobSums.add);
  const ecs = new ECSClient(clientSettings(emulatorEndpoint));
  const upstream = forwardTo(emulatorEndpoint);
  const answer = answerWith({
    fleet,
    jobSums,
    send: upstream.send,
    runTask: createRunTask({ fleet, ecs, send: upstream.send }),
  });
  const server = await startLoopbackServer(async (request, outgoing) => {
    const given = await answer(request).catch((error: Error) =>
      errorResponse('ServerException', `The emulator's ECS does not answer: ${error.message}`, 503),
    );
    writeAnswer(outgoing, given);
  });
  return {
    endpoint: server.endpoint,
    fleet,
    stop: async () => {
      await server.stop();
      ecs.destroy();
      upstream.close();
    },
  };
}

type RequestHandler = (request: AwsRequest) => Promise<AwsResponse>;

interface ProxyParts {
  readonly fleet: Fleet;
  readonly jobSums: JobSums;
  readonly send: RequestHandler;
  readonly runTask: RequestHandler;
}

function answerWith({ fleet, jobSums, send, runTask }: ProxyParts): RequestHandler {
  return async (request) => {
    switch (operationOf(request)) {
      case 'RunTask':
        return runTask(request);
      case 'GetMetricData':
        return jobSums.answer(request);
      case 'DescribeTasks':
        return overlayAnswer(fleet, await send(request));
      case 'StopTask': {
        const answer = overlayAnswer(fleet, await send(request));
        fleet.emit('request');
        return answer;
      }
      default:
        return send(request);
    }
  };
}

/** Both services name the operation in a header: `AmazonEC2ContainerServiceV20141113.RunTask`. */
function operationOf({ headers }: AwsRequest): string | undefined {
  return String(headers['x-amz-target'] ?? '')
    .split('.')
    .at(-1);
}

/** `tasks` of DescribeTasks, `task` of StopTask. */
function overlayAnswer(fleet: Fleet, answer: AwsResponse): AwsResponse {
  if (answer.status !== 200) return answer;
  const body = JSON.parse(answer.body.toString()) as { tasks?: WireTask[]; task?: WireTask };
  const overlay = (task: WireTask) => overlayTask(task, fleet.get(task.taskArn ?? ''));
  return withBody(answer, {
    ...body,
    ...(body.tasks && { tasks: body.tasks.map(overlay) }),
    ...(body.task && { task: overlay(body.task) }),
  });
}
