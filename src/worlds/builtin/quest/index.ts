import { defineDomain, type DomainWorld } from '../domain';
import { knownQuest } from './known';
import { QUEST_POLICY } from './policy';
import { initQuest, questInvariants, questSchema } from './state';
import { questTools } from './tools';

/** A quest game: places and keys, inscribed doors, recipes and gear, guardians, chests and traders. */
export const createQuestWorld = (): DomainWorld =>
  defineDomain({
    name: 'quest',
    version: '1.0.0',
    policy: QUEST_POLICY,
    state: questSchema,
    init: initQuest,
    known: knownQuest,
    tools: questTools,
    invariants: questInvariants,
  });
