import { defineDomain, type DomainWorld } from '../domain';
import { knownParcels } from './known';
import { PARCELS_POLICY } from './policy';
import { initParcels, PARCELS_INVARIANTS, parcelsStateSchema } from './state';
import { parcelsTools } from './tools';

/** A parcel service: postcodes, rates, labels, insurance, pickups and parcel shops, tracking, redirection, inquiries. */
export const createParcelsWorld = (): DomainWorld =>
  defineDomain({ name: 'parcels', version: '1.0.0', policy: PARCELS_POLICY, state: parcelsStateSchema, init: initParcels, known: knownParcels, tools: parcelsTools, invariants: PARCELS_INVARIANTS });
