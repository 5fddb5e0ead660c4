import { join } from 'node:path';
import { shortPath } from './short-path';

/** The quickstart's file as it is typed from here: in a clone, and where the package is installed. */
export const quickstart = (): string => shortPath(join(__dirname, '..', '..', 'examples', 'quickstart.yaml'));
