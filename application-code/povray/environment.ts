/** Where the program `povray` is found. */
export const PATH = process.env.PATH ?? '';
/** Set by the image: no scene is rendered without libfakechroot. */
export const REQUIRES_FAKECHROOT = process.env.REQUIRES_FAKECHROOT === 'true';
