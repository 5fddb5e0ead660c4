import { defineDomain, type DomainWorld } from '../domain';
import { knownHotel } from './known';
import { HOTEL_POLICY } from './policy';
import { HOTEL_INVARIANTS, hotelStateSchema, initHotel } from './state';
import { hotelTools } from './tools';

/** A group of hotels: find one, hold and confirm a room, change, check in, order to the room, leave. */
export const createHotelWorld = (): DomainWorld =>
  defineDomain({ name: 'hotel', version: '1.0.0', policy: HOTEL_POLICY, state: hotelStateSchema, init: initHotel, known: knownHotel, tools: hotelTools, invariants: HOTEL_INVARIANTS });
