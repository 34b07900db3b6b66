import { commandCanary } from '../command/command-canary';
import { recipe } from './recipe';

export const canary = commandCanary(recipe, 'povray');
