import { defineDomain, type DomainWorld } from '../domain';
import { knownMeetings } from './known';
import { MEETINGS_POLICY } from './policy';
import { initMeetings, meetingsInvariants, meetingsStateSchema } from './state';
import { meetingsTools } from './tools';

/** A company's meeting planner: colleagues and their free hours, rooms and holds, meetings, invitations, answers, refreshments. */
export const createMeetingsWorld = (): DomainWorld =>
  defineDomain({ name: 'meetings', version: '1.0.0', policy: MEETINGS_POLICY, state: meetingsStateSchema, init: initMeetings, known: knownMeetings, tools: meetingsTools, invariants: meetingsInvariants });
