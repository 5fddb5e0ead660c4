import { relative } from 'node:path';

/** A path as it is typed from here; what does not lie below this folder stays absolute. */
export const shortPath = (path: string): string => {
  const near = relative('.', path);
  return near.startsWith('..') || near === '' ? path : near;
};
