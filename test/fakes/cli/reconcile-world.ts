import { pipelineDouble } from './fake-pipeline';
import { NOW } from './fake-session';

const HOUR = 3_600_000;

/** Four objects: one with all its renditions, one with a dead letter, two with neither. */
export function world() {
  const double = pipelineDouble();
  for (const name of ['a.jpg', 'b b.jpg', 'c.jpg', "d'.jpg"]) {
    double.buckets.objects.set(`source/ecsproc/${name}`, Buffer.from('x'));
    double.buckets.modified.set(`source/ecsproc/${name}`, NOW - HOUR);
  }
  for (const key of ['small/a.jpg', 'web/a.jpg.webp']) {
    double.buckets.objects.set(`destination/processed/${key}`, Buffer.from('x'));
    double.buckets.modified.set(`destination/processed/${key}`, NOW);
  }
  double.letters.put('{}', { FaultCode: 'Undecodable', SourceKey: 'ecsproc%2Fc.jpg' });
  return double;
}
