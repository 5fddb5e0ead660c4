import type { World } from '../world';
import { createRailWorld } from './rail';

/** Every built-in world by the name campaign files use. Adding one: its folder, and its line here. */
export const BUILTIN_WORLDS: { [name: string]: () => World } = {
  rail: createRailWorld,
};
