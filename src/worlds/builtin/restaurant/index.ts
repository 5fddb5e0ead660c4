import { defineDomain, type DomainWorld } from '../domain';
import { knownRestaurant } from './known';
import { RESTAURANT_POLICY } from './policy';
import { initRestaurant, RESTAURANT_INVARIANTS, restaurantStateSchema } from './state';
import { restaurantTools } from './tools';

/** The floor of a restaurant: reservations and tables, takeaway, tabs with dishes, the kitchen, bills and gift cards. */
export const createRestaurantWorld = (): DomainWorld =>
  defineDomain({ name: 'restaurant', version: '1.0.0', policy: RESTAURANT_POLICY, state: restaurantStateSchema, init: initRestaurant, known: knownRestaurant, tools: restaurantTools, invariants: RESTAURANT_INVARIANTS });
