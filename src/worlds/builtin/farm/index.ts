import { defineDomain, type DomainWorld } from '../domain';
import { knownFarm } from './known';
import { FARM_POLICY } from './policy';
import { farmInvariants, farmStateSchema, initFarm } from './state';
import { farmTools } from './tools';

/** A farming game with a clock of its own: plots, seed and sowing, days that pass, harvests, crates and village markets. */
export const createFarmWorld = (): DomainWorld =>
  defineDomain({ name: 'farm', version: '1.0.0', policy: FARM_POLICY, state: farmStateSchema, init: initFarm, known: knownFarm, tools: farmTools, invariants: farmInvariants });
