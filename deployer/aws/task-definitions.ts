import {
  DeregisterTaskDefinitionCommand,
  DescribeTaskDefinitionCommand,
  type ECSClient,
  ListTaskDefinitionsCommand,
  RegisterTaskDefinitionCommand,
} from '@aws-sdk/client-ecs';
import type { MiddlewareStack } from '@smithy/types';
import type { Revision, TaskDefinitions } from '../ports';
import { registrable } from '../revisions/candidate';
import { revisionName } from '../revisions/revisions';

type Json = Readonly<Record<string, unknown>>;

export function createTaskDefinitions(client: ECSClient): TaskDefinitions {
  return {
    async describe(revision) {
      const command = new DescribeTaskDefinitionCommand({
        taskDefinition: revision,
        include: ['TAGS'],
      });
      const answer = keepWholeAnswer(command.middlewareStack);
      try {
        await client.send(command);
      } catch (error) {
        // ECS has no code of its own for a revision that does not exist.
        if (error instanceof Error && error.name === 'ClientException') return undefined;
        throw error;
      }
      return toRevision(answer());
    },
    async register(definition, tags) {
      const pairs = Object.entries(tags).map(([key, value]) => ({ key, value }));
      const input = { ...definition, tags: pairs };
      const command = new RegisterTaskDefinitionCommand(input as never);
      sendWhole(command.middlewareStack, input);
      const answer = keepWholeAnswer(command.middlewareStack);
      await client.send(command);
      return toRevision(answer());
    },
    async deregister(revision) {
      await client.send(new DeregisterTaskDefinitionCommand({ taskDefinition: revision }));
    },
    list: (family) => activeArns(client, family),
  };
}

/** Newest first. A prefix also finds longer names of families. */
async function activeArns(client: ECSClient, familyPrefix: string): Promise<readonly string[]> {
  const query = { familyPrefix, status: 'ACTIVE', sort: 'DESC' } as const;
  const arns: string[] = [];
  let nextToken: string | undefined;
  do {
    const page = await client.send(new ListTaskDefinitionsCommand({ ...query, nextToken }));
    arns.push(...(page.taskDefinitionArns ?? []));
    nextToken = page.nextToken;
  } while (nextToken);
  return arns.filter((arn) => revisionName(arn).startsWith(`${familyPrefix}:`));
}

function toRevision(answer: Json): Revision {
  const described = answer.taskDefinition as Json;
  const tags = (answer.tags ?? []) as readonly { readonly key: string; readonly value?: string }[];
  const { taskDefinitionArn, status, registeredAt } = described;
  const arn = String(taskDefinitionArn);
  return {
    name: revisionName(arn),
    arn,
    isActive: status === 'ACTIVE',
    // Seconds since the epoch, as AWS's JSON protocols say it.
    ...(typeof registeredAt === 'number' && { registeredAt: registeredAt * 1000 }),
    definition: registrable(described),
    tags: Object.fromEntries(tags.map(({ key, value = '' }) => [key, value])),
  };
}

interface Message {
  body?: unknown;
}

/**
 * The SDK drops every field of an answer that was not known when it was published. This reads the
 * answer before it does.
 * @returns a function that returns the JSON of the last answer, once the command has been sent.
 */
function keepWholeAnswer<Input extends object, Output extends object>(
  stack: MiddlewareStack<Input, Output>,
): () => Readonly<Record<string, unknown>> {
  let text = '';
  stack.add(
    (next) => async (args) => {
      const result = await next(args);
      const response = result.response as Message;
      const body = await bytesOf(response.body);
      text = body.toString();
      response.body = body;
      return result;
    },
    { step: 'deserialize', priority: 'low', name: 'keepWholeAnswer' },
  );
  return () => JSON.parse(text);
}

/**
 * Sends this JSON instead of what the SDK makes of a command's input, which lacks what the SDK does
 * not know.
 */
function sendWhole<Input extends object, Output extends object>(
  stack: MiddlewareStack<Input, Output>,
  input: object,
): void {
  stack.add(
    (next) => (args) => {
      (args.request as Message).body = JSON.stringify(input);
      return next(args);
    },
    { step: 'build', priority: 'high', name: 'sendWhole' },
  );
}

async function bytesOf(body: unknown): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of body as AsyncIterable<Uint8Array>) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}
