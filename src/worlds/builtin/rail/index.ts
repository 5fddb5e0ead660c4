import { defineDomain } from '../domain';
import type { World } from '../../world';
import { knownRail } from './known';
import { RAIL_POLICY } from './policy';
import { initRail, railStateSchema } from './state';
import { railTools } from './tools';

/** Rail travel: look up stations, find and price trains, book, choose seats, pay, check in, cancel, get refunds. */
export const createRailWorld = (): World =>
  defineDomain({ name: 'rail', version: '1.0.0', policy: RAIL_POLICY, state: railStateSchema, init: initRail, known: knownRail, tools: railTools });
