import type { HttpResponse } from '@smithy/core/protocols';
import { readBody } from '../read-body';

export async function textOf({ body }: HttpResponse): Promise<string> {
  const pieces: Buffer[] = [];
  await readBody(body, (piece) => pieces.push(piece));
  return Buffer.concat(pieces).toString();
}
