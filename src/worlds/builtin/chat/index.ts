import { defineDomain, type DomainWorld } from '../domain';
import { knownChat } from './known';
import { CHAT_POLICY } from './policy';
import { chatInvariants, chatStateSchema, initChat } from './state';
import { chatTools } from './tools';

/** A team chat: people, channels to join, messages with threads that are resolved, pins, planned messages. */
export const createChatWorld = (): DomainWorld =>
  defineDomain({
    name: 'chat', version: '1.0.0', policy: CHAT_POLICY, state: chatStateSchema,
    init: initChat, known: knownChat, tools: chatTools, invariants: chatInvariants,
  });
