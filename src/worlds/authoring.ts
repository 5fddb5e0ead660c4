/**
 * What a world of your own is written with: the package's `hardgen-temporal/worlds`. A campaign file names the module by
 * `worlds: [{ module: ./mine.mjs }]`; its default export is a `World` or a function that makes one.
 */
export { z } from 'zod';
export { createRng, type Rng } from '../core/random';
export type { Json, JsonObject, JsonSchema } from '../core/json';
export type { Call, CallResult, Fault, KnownFact, ToolDoc, WorldDoc } from '../core/tool';
export { addDays, daysBetween, minutesOf, timeOf, WEEKDAYS, weekdayOf } from './builtin/calendar';
export { clock, enough, findId, fromCents, inOrder, inStatus, money, notPast, rowOf, rowsOf, sameName, signedIn, text, toCents } from './builtin/combinators';
export {
  day, defineDomain, exists, hiddenCode, must, ref, toolsOn,
  type Domain, type DomainInstance, type DomainState, type DomainTool, type DomainWorld, type Draft, type Need, type Refusal, type Run, type ToolDefinition,
} from './builtin/domain';
export { seeding, type Seeding } from './builtin/seeding';
export { WorldUnavailable, type World, type WorldInstance } from './world';
