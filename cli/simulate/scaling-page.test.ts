import { readFileSync } from 'node:fs';
import path from 'node:path';
import {
  answersTo,
  PICTURES,
  pictureFile,
  QUESTIONS,
  type QuestionName,
  tableOf,
} from './scaling-page';

// Plot moves its lines by half a pixel where it finds a test runner, by this name.
Reflect.deleteProperty(globalThis, 'it');
const page = readFileSync(path.join(__dirname, '../../docs/scaling.md'), 'utf8');
const NAMES = Object.keys(QUESTIONS) as QuestionName[];

test.each(NAMES)(
  'docs/scaling.md has the answers of the simulator to %s, and its picture',
  async (name) => {
    const { simulationPicture } = await import('./picture');
    const runs = await answersTo(name);
    expect(page).toContain(tableOf(runs));
    for (const picture of PICTURES.filter((one) => one === name))
      expect(readFileSync(pictureFile(picture), 'utf8')).toBe(simulationPicture(runs));
  },
);
