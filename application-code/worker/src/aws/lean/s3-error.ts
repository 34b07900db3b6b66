import type { HttpResponse } from '@smithy/core/protocols';
import { textOf } from './response-text';
import { ServiceError } from './service-error';

/** Reads the XML of an error of S3; a HEAD has none, and a proxy in between may answer in HTML. */
export async function readS3Error(response: HttpResponse): Promise<ServiceError> {
  const text = await textOf(response);
  const { Code, Message } = text === '' ? {} : await errorIn(text);
  const code = Code ?? (response.statusCode === 404 ? 'NotFound' : undefined);
  return new ServiceError(response, code, Message);
}

async function errorIn(xml: string): Promise<{ Code?: string; Message?: string }> {
  const { parseXML } = await import('@aws-sdk/xml-builder');
  try {
    const { Error: error = {} } = parseXML(xml);
    return error;
  } catch {
    // The status alone says then what is to be done.
    return {};
  }
}
