import { defineDomain, type DomainWorld } from '../domain';
import { knownMailbox } from './known';
import { MAILBOX_POLICY } from './policy';
import { initMailbox, mailboxInvariants, mailboxStateSchema } from './state';
import { mailboxTools } from './tools';

/** A mailbox: labels and messages, drafts with attachments that are checked and sent, recalls, absences. */
export const createMailboxWorld = (): DomainWorld =>
  defineDomain({
    name: 'mailbox', version: '1.0.0', policy: MAILBOX_POLICY, state: mailboxStateSchema,
    init: initMailbox, known: knownMailbox, tools: mailboxTools, invariants: mailboxInvariants,
  });
