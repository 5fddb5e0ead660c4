import { BUILTIN_WORLDS } from '../../src/worlds/builtin';
import { describeWorld } from './world';

for (const [name, create] of Object.entries(BUILTIN_WORLDS)) describeWorld(name, create, { seeds: [0, 1, 7, 4021] });
