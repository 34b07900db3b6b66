import * as z from 'zod/mini';
import { DEFAULT_WORKLOAD } from '../../application-code/workloads';
import { defaultOf } from '../../text/setting';
import type { EnvironmentSettings, PipelineSettings } from './blueprint-config';
import { group } from './objects';
import { BLUEPRINT, ENVIRONMENT, pipelineSettings } from './schema';

/** First part of every name when the blueprint has none. */
export const DEFAULT_NAME = defaultOf(BLUEPRINT.name);

/** A pipeline of which nothing is said. */
export const DEFAULT_PIPELINE: PipelineSettings = z.parse(
  group(pipelineSettings(DEFAULT_WORKLOAD)),
  undefined,
);

/** An environment of which nothing is said. */
export const DEFAULT_ENVIRONMENT = z.parse(group(ENVIRONMENT), undefined) as EnvironmentSettings;
