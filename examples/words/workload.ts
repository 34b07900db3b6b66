import { commandWorkload } from '../../application-code/command/command-workload';
import { recipe } from './recipe';

export const workload = commandWorkload(recipe);
