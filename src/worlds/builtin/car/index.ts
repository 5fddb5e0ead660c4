import { defineDomain, type DomainWorld } from '../domain';
import { knownCar } from './known';
import { CAR_POLICY } from './policy';
import { carInvariants, carStateSchema, initCar } from './state';
import { carTools } from './tools';

/** A car: driver, doors, brake, gears and cruising; routes and fuel; diagnosis and appointments at workshops. */
export const createCarWorld = (): DomainWorld =>
  defineDomain({
    name: 'car', version: '1.0.0', policy: CAR_POLICY, state: carStateSchema,
    init: initCar, known: knownCar, tools: carTools, invariants: carInvariants,
  });
