import { defineDomain, type DomainWorld } from '../domain';
import { knownGuild } from './known';
import { GUILD_POLICY } from './policy';
import { guildInvariants, guildStateSchema, initGuild } from './state';
import { guildTools } from './tools';

/** A trading-post game: posts and merchants, haggling and deals, caravans, roads and tolls, orders, deliveries and standing. */
export const createGuildWorld = (): DomainWorld =>
  defineDomain({ name: 'guild', version: '1.0.0', policy: GUILD_POLICY, state: guildStateSchema, init: initGuild, known: knownGuild, tools: guildTools, invariants: guildInvariants });
