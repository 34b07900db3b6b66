/** Where the program `povray` is found. */
export const PATH = process.env.PATH ?? '';
