import { defineDomain, type DomainWorld } from '../domain';
import { knownShop } from './known';
import { SHOP_POLICY } from './policy';
import { initShop, SHOP_INVARIANTS, shopStateSchema } from './state';
import { shopTools } from './tools';

/** A web shop for outdoor goods: search, variants, baskets, vouchers, delivery quotes, orders, returns. */
export const createShopWorld = (): DomainWorld =>
  defineDomain({ name: 'shop', version: '1.0.0', policy: SHOP_POLICY, state: shopStateSchema, init: initShop, known: knownShop, tools: shopTools, invariants: SHOP_INVARIANTS });
