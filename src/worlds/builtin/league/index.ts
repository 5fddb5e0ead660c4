import { defineDomain, type DomainWorld } from '../domain';
import { knownLeague } from './known';
import { LEAGUE_POLICY } from './policy';
import { initLeague, leagueInvariants, leagueStateSchema } from './state';
import { leagueTools } from './tools';

/** A manager game of three-a-side roller hockey: teams, players and passes, cups and rosters, brackets, rinks, matches, standings. */
export const createLeagueWorld = (): DomainWorld =>
  defineDomain({ name: 'league', version: '1.0.0', policy: LEAGUE_POLICY, state: leagueStateSchema, init: initLeague, known: knownLeague, tools: leagueTools, invariants: leagueInvariants });
