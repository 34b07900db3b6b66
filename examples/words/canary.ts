import { commandCanary } from '../../application-code/command/command-canary';
import { recipe } from './recipe';

export const canary = commandCanary(recipe, 'words');
