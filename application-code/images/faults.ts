/** Codes of the faults of a picture, each with what a user can do. */
export const FAULTS = {
  UnsupportedFormat:
    'Its message names what it is: convert it to JPEG, PNG, WebP, AVIF, TIFF or GIF, or ' +
    'leave it out.',
  HeicUnsupported: 'Export it as JPEG, or set the camera to “most compatible”.',
  Undecodable: 'Open it in a viewer: it is damaged or cut off. Copy it again from where it came.',
  TooManyPixels: 'Make the picture smaller, or raise MAX_SOURCE_PIXELS.',
  TooManyPages: 'Take the pages that you want out of it.',
  TooLargeForMemory: 'Give the task more memory, or make the picture smaller.',
  RenditionImpossible: 'Change the recipe: this picture cannot become what it asks for.',
} as const;

type Codes = { readonly [code in keyof typeof FAULTS]: true };

declare module '../worker/src/faults' {
  interface WorkloadFaultCodes extends Codes {}
}
