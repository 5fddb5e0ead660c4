import { defineDomain, type DomainWorld } from '../domain';
import { knownSmartHome } from './known';
import { SMART_HOME_POLICY } from './policy';
import { initSmartHome, smartHomeInvariants, smartHomeStateSchema } from './state';
import { smartHomeTools } from './tools';

/** A house with a hub: pair devices, put them into rooms, group them into scenes, schedule scenes, give guests keys. */
export const createSmartHomeWorld = (): DomainWorld =>
  defineDomain({
    name: 'smart-home', version: '1.0.0', policy: SMART_HOME_POLICY, state: smartHomeStateSchema,
    init: initSmartHome, known: knownSmartHome, tools: smartHomeTools, invariants: smartHomeInvariants,
  });
