import { z } from 'zod';
import { createRng } from '../../../core/random';
import { addDays, daysBetween, weekdayOf } from '../calendar';
import { enough, findId, fromCents, inStatus, money, notPast, rowOf, rowsOf, sameName, signedIn, text } from '../combinators';
import { day, exists, must, ref, toolsOn, type DomainTool, type Need } from '../domain';
import { ORDER_STATUSES, RETURN_DAYS, type Order, type ShopState } from './state';

const tool = toolsOn<ShopState>();

// ---- fields ----

const productId = ref('product_id', 'Identifier of a product');
const variantId = ref('variant_id', 'Identifier of one colour and size of a product');
const basketId = ref('basket_id', 'Identifier of an open basket');
const destinationId = ref('destination_id', 'Identifier of a place a parcel can go to');
const orderNumber = ref('order_number', 'Number of an order of the signed-in customer');
const itemId = ref('item_id', 'Identifier of one item of an order');
const returnNumber = ref('return_number', 'Number of a registered return');
const status = z.enum(ORDER_STATUSES);

// ---- needs ----

const customer = signedIn<ShopState>();
const productExists = exists<ShopState, { product_id: string }>('product', (state) => state.products, (args) => args.product_id);
const variantExists = <A>(id: (args: A) => string): Need<ShopState, A> => exists('variant', (state) => state.variants, id);
const basketOpen: Need<ShopState, { basket_id: string }>[] = [
  exists('basket', (state) => state.baskets, (args) => args.basket_id),
  must('conflict', (state, args) => !basketOf(state, args).ordered, (args) => `Basket \`${args.basket_id}\` has been ordered and takes no changes.`),
];
const notEmpty = must<ShopState, { basket_id: string }>('precondition', (state, args) => goodsCents(state, basketOf(state, args)) > 0, (args) => `Basket \`${args.basket_id}\` is empty.`);
const orderExists = exists<ShopState, { order_number: string }>('order', (state) => state.orders, (args) => args.order_number);
const quoteExists = exists<ShopState, { delivery_quote_id: string }>('delivery quote', (state) => state.quotes, (args) => args.delivery_quote_id);

// ---- reading the state ----

const basketOf = (state: ShopState, args: { basket_id: string }): ShopState['baskets'][string] => rowOf(state.baskets, args.basket_id);
const orderOf = (state: ShopState, args: { order_number: string }): Order => rowOf(state.orders, args.order_number);
const quoteOf = (state: ShopState, args: { delivery_quote_id: string }): ShopState['quotes'][string] => rowOf(state.quotes, args.delivery_quote_id);
const orderOfItem = (state: ShopState, item: string): string | undefined => findId(state.orders, (order) => Object.hasOwn(order.items, item));
const titleOf = (state: ShopState, variant: string): string => rowOf(state.products, rowOf(state.variants, variant).product).title;

/** What the goods of a basket cost, the voucher taken off. */
function goodsCents(state: ShopState, basket: ShopState['baskets'][string]): number {
  const full = Object.entries(basket.lines).reduce((sum, [id, quantity]) => sum + rowOf(state.variants, id).priceCents * quantity, 0);
  const percentOff = basket.voucher === null ? 0 : rowOf(state.vouchers, basket.voucher).percentOff;
  return Math.round((full * (100 - percentOff)) / 100);
}

const totalOf = (state: ShopState, args: { delivery_quote_id: string }): number => quoteOf(state, args).goodsCents + quoteOf(state, args).deliveryCents;

// ---- the catalogue ----

const signIn = tool({
  name: 'sign_in',
  about: 'Sign a customer in by e-mail address and passphrase. Baskets, orders and returns are only open to a signed-in customer.',
  in: z.strictObject({ email: ref('email', 'E-mail address of the customer account'), passphrase: ref('passphrase', 'Passphrase of the account') }),
  out: z.object({ customer_name: z.string().describe('Name on the account'), store_credit: money('Store credit of the account') }),
  writes: ['session'],
  needs: [
    must('not_found', (state, args) => sameName(state.customer.email, args.email), (args) => `There is no account for \`${args.email}\`.`),
    must('precondition', (state, args) => state.customer.passphrase === args.passphrase, () => 'The passphrase does not belong to this account.'),
  ],
  run: ({ state }) => {
    state.session.signedIn = true;
    return { customer_name: state.customer.name, store_credit: fromCents(state.account.creditCents) };
  },
});

const searchCatalogue = tool({
  name: 'search_catalogue',
  about: 'Search the catalogue for a kind of thing, such as a tent. Gives the products with their identifiers and lowest prices.',
  in: z.strictObject({ product_type: ref('product_type', 'Kind of thing to look for') }),
  out: z.object({
    products: z.array(z.object({ product_id: productId, title: z.string().describe('Name of the product'), from_price: money('Price of its cheapest variant') })).describe('The products found'),
  }),
  needs: [must('not_found', (state, args) => Object.values(state.products).some((one) => sameName(one.type, args.product_type)), (args) => `The catalogue has nothing under \`${args.product_type}\`.`)],
  run: ({ state }, args) => ({
    products: rowsOf(state.products, (one) => sameName(one.type, args.product_type)).map(([product_id, { title }]) => ({
      product_id,
      title,
      from_price: fromCents(Math.min(...rowsOf(state.variants, (one) => one.product === product_id).map(([, one]) => one.priceCents))),
    })),
  }),
});

const productDetails = tool({
  name: 'product_details',
  about: 'Show what a product is made of, how much it weighs and how customers rate it.',
  in: z.strictObject({ product_id: productId }),
  out: z.object({ material: z.string().describe('Main material'), weight_grams: z.int().describe('Weight in grams'), rating: z.number().describe('Mean rating by customers, 1 to 5') }),
  needs: [productExists],
  run: ({ state }, args) => {
    const { material, grams, rating } = rowOf(state.products, args.product_id);
    return { material, weight_grams: grams, rating };
  },
});

const listVariants = tool({
  name: 'list_variants',
  about: 'List the colours and sizes of a product with price and stock. Baskets take variants, not products.',
  in: z.strictObject({ product_id: productId }),
  out: z.object({
    variants: z.array(z.object({
      variant_id: variantId,
      colour: z.string().describe('Colour'),
      size: z.string().describe('Size'),
      price: money('Price of one piece'),
      in_stock: z.int().describe('Pieces in stock'),
    })).describe('The variants'),
  }),
  needs: [productExists],
  run: ({ state }, args) => ({
    variants: rowsOf(state.variants, (one) => one.product === args.product_id).map(([variant_id, { colour, size, priceCents, stock }]) => ({ variant_id, colour, size, price: fromCents(priceCents), in_stock: stock })),
  }),
});

const compareVariants = tool({
  name: 'compare_variants',
  about: 'Compare two variants, of one product or of two: which costs less, by how much, and how their weights differ.',
  in: z.strictObject({ first_variant: variantId.describe('One variant'), second_variant: variantId.describe('The other variant') }),
  out: z.object({
    cheaper: z.string().describe('Name of the product whose variant costs less'),
    price_difference: money('Difference in price'),
    weight_difference_grams: z.int().describe('Difference in weight, in grams'),
  }),
  needs: [
    variantExists((args) => args.first_variant),
    variantExists((args) => args.second_variant),
    must('precondition', (_state, args) => args.first_variant !== args.second_variant, () => 'A variant cannot be compared with itself.'),
  ],
  run: ({ state }, args) => {
    const price = (id: string): number => rowOf(state.variants, id).priceCents;
    const grams = (id: string): number => rowOf(state.products, rowOf(state.variants, id).product).grams;
    const { first_variant: first, second_variant: second } = args;
    return {
      cheaper: titleOf(state, price(first) <= price(second) ? first : second),
      price_difference: fromCents(Math.abs(price(first) - price(second))),
      weight_difference_grams: Math.abs(grams(first) - grams(second)),
    };
  },
});

// ---- baskets ----

const openBasket = tool({
  name: 'open_basket',
  about: 'Open a basket for the goods that one recipient gets. A recipient has at most one open basket.',
  in: z.strictObject({ recipient: ref('recipient', 'Full name of the person the goods go to') }),
  out: z.object({ basket_id: basketId, kept_until: z.iso.date().describe('Last day on which the basket is kept') }),
  writes: ['baskets'],
  needs: [
    customer,
    must('conflict', (state, args) => !Object.values(state.baskets).some((one) => !one.ordered && sameName(one.recipient, args.recipient)), (args) => `There is an open basket for \`${args.recipient}\` already.`),
  ],
  run: ({ state, id }, args) => {
    const basket_id = id('B', args.recipient, state.baskets);
    state.baskets[basket_id] = { recipient: args.recipient, lines: {}, voucher: null, ordered: false };
    return { basket_id, kept_until: addDays(state.today, createRng(`${state.salt}/kept/${args.recipient}`).int(5, 12)) };
  },
});

const basketTotal = money('Price of all goods in the basket, voucher taken off');

const addToBasket = tool({
  name: 'add_to_basket',
  about: 'Put pieces of a variant into a basket. The basket can hold no more of a variant than is in stock.',
  in: z.strictObject({ basket_id: basketId, variant_id: variantId, quantity: z.int().min(1).max(6).default(1).describe('Number of pieces to add') }),
  out: z.object({ title: z.string().describe('Name of the product added'), basket_total: basketTotal }),
  writes: ['baskets'],
  needs: [
    customer,
    ...basketOpen,
    variantExists((args) => args.variant_id),
    must(
      'conflict',
      (state, args) => (basketOf(state, args).lines[args.variant_id] ?? 0) + args.quantity <= rowOf(state.variants, args.variant_id).stock,
      (args, state) => `Only ${rowOf(state.variants, args.variant_id).stock} pieces of \`${args.variant_id}\` are in stock.`,
    ),
  ],
  run: ({ state }, args) => {
    const basket = basketOf(state, args);
    basket.lines[args.variant_id] = (basket.lines[args.variant_id] ?? 0) + args.quantity;
    return { title: titleOf(state, args.variant_id), basket_total: fromCents(goodsCents(state, basket)) };
  },
});

const removeFromBasket = tool({
  name: 'remove_from_basket',
  about: 'Take all pieces of a variant out of a basket again.',
  in: z.strictObject({ basket_id: basketId, variant_id: variantId }),
  out: z.object({ pieces_removed: z.int().describe('Pieces taken out'), title: z.string().describe('Name of the product taken out'), basket_total: basketTotal }),
  writes: ['baskets'],
  needs: [
    customer,
    ...basketOpen,
    must('precondition', (state, args) => Object.hasOwn(basketOf(state, args).lines, args.variant_id), (args) => `Basket \`${args.basket_id}\` holds nothing of \`${args.variant_id}\`.`),
  ],
  run: ({ state }, args) => {
    const basket = basketOf(state, args);
    const pieces_removed = basket.lines[args.variant_id] ?? 0;
    delete basket.lines[args.variant_id];
    return { pieces_removed, title: titleOf(state, args.variant_id), basket_total: fromCents(goodsCents(state, basket)) };
  },
});

const applyVoucher = tool({
  name: 'apply_voucher',
  about: 'Take a voucher off the price of a basket. A basket takes one voucher, a voucher is good for one basket of a smallest value.',
  in: z.strictObject({ basket_id: basketId, voucher_code: ref('voucher_code', 'Code of the voucher') }),
  out: z.object({ discount: money('Amount taken off'), basket_total: basketTotal }),
  writes: ['baskets', 'vouchers'],
  needs: [
    customer,
    ...basketOpen,
    exists('voucher', (state) => state.vouchers, (args) => args.voucher_code),
    must('conflict', (state, args) => rowOf(state.vouchers, args.voucher_code).usedIn === null, (args) => `Voucher \`${args.voucher_code}\` has been used.`),
    must('conflict', (state, args) => basketOf(state, args).voucher === null, (args) => `Basket \`${args.basket_id}\` already has a voucher.`),
    must(
      'precondition',
      (state, args) => goodsCents(state, basketOf(state, args)) >= rowOf(state.vouchers, args.voucher_code).minimumCents,
      (args, state) => `The voucher needs a basket of at least ${fromCents(rowOf(state.vouchers, args.voucher_code).minimumCents)} euros.`,
    ),
  ],
  run: ({ state }, args) => {
    const basket = basketOf(state, args);
    const before = goodsCents(state, basket);
    basket.voucher = args.voucher_code;
    rowOf(state.vouchers, args.voucher_code).usedIn = args.basket_id;
    return { discount: fromCents(before - goodsCents(state, basket)), basket_total: fromCents(goodsCents(state, basket)) };
  },
});

// ---- delivery and order ----

const findPickupPoint = tool({
  name: 'find_pickup_point',
  about: 'Find the pick-up point of a district, to which parcels can be sent instead of to an address.',
  in: z.strictObject({ district: ref('district', 'Name of the district') }),
  out: z.object({ destination_id: destinationId, kept_by: z.string().describe('Business that keeps the pick-up point'), opens_at: z.string().describe('Time at which it opens, HH:MM') }),
  needs: [must('not_found', (state, args) => findId(state.pickupPoints, (one) => sameName(one.district, args.district)) !== undefined, (args) => `There is no pick-up point in \`${args.district}\`.`)],
  run: ({ state }, args) => {
    const destination_id = findId(state.pickupPoints, (one) => sameName(one.district, args.district)) as string;
    const { keeper, opensAt } = rowOf(state.pickupPoints, destination_id);
    return { destination_id, kept_by: keeper, opens_at: opensAt };
  },
});

const saveAddress = tool({
  name: 'save_address',
  about: 'Save a street address as a place to which parcels can be sent. The same address keeps its identifier.',
  in: z.strictObject({ street: text('Street and house number'), postcode: z.string().regex(/^\d{5}$/, 'expected five digits').describe('Postcode, five digits') }),
  out: z.object({ destination_id: destinationId, delivery_round: z.string().describe('Name of the delivery round that serves the address') }),
  writes: ['addresses'],
  needs: [must('precondition', (_state, args) => !args.postcode.startsWith('0'), (args) => `No delivery round serves the postcode ${args.postcode}.`)],
  run: ({ state, id }, args) => {
    const known = findId(state.addresses, (one) => sameName(one.street, args.street) && one.postcode === args.postcode);
    const destination_id = known ?? id('A', `${args.street}/${args.postcode}`, state.addresses);
    state.addresses[destination_id] = { street: args.street, postcode: args.postcode };
    const rng = createRng(`${state.salt}/round/${args.postcode}`);
    return { destination_id, delivery_round: `${rng.pick(['Gull', 'Tern', 'Plover', 'Curlew'])} ${rng.int(11, 48)}` };
  },
});

const quoteDelivery = tool({
  name: 'quote_delivery',
  about: 'Get the price and day of delivery of a basket to an address or a pick-up point. The order is placed from this quote.',
  in: z.strictObject({ basket_id: basketId, destination_id: destinationId, speed: z.enum(['standard', 'express']).default('standard').describe('How fast the parcel goes') }),
  out: z.object({ delivery_quote_id: ref('delivery_quote_id', 'Identifier of the quote'), delivery_price: money('Price of the delivery'), arrives_on: z.iso.date().describe('Day of arrival'), total_price: money('Price of goods and delivery') }),
  writes: ['quotes'],
  needs: [
    customer,
    ...basketOpen,
    must('not_found', (state, args) => Object.hasOwn(state.addresses, args.destination_id) || Object.hasOwn(state.pickupPoints, args.destination_id), (args) => `There is no destination \`${args.destination_id}\`.`),
    notEmpty,
  ],
  run: ({ state, id }, args) => {
    const rng = createRng(`${state.salt}/delivery/${args.destination_id}`);
    const [base, days] = [rng.int(58, 99) * 5, rng.int(3, 7)];
    const quote = {
      basket: args.basket_id,
      destination: args.destination_id,
      goodsCents: goodsCents(state, basketOf(state, args)),
      deliveryCents: args.speed === 'express' ? base + 650 : base,
      arrives: addDays(state.today, args.speed === 'express' ? days - 2 : days),
    };
    const delivery_quote_id = id('Q', `${args.basket_id}/${args.destination_id}/${args.speed}/${quote.goodsCents}`, state.quotes);
    state.quotes[delivery_quote_id] = quote;
    return { delivery_quote_id, delivery_price: fromCents(quote.deliveryCents), arrives_on: quote.arrives, total_price: fromCents(quote.goodsCents + quote.deliveryCents) };
  },
});

const checkOut = tool({
  name: 'check_out',
  about: 'Order a basket by its delivery quote and pay for it, by card or from the store credit.',
  in: z.strictObject({ delivery_quote_id: ref('delivery_quote_id', 'Identifier of the delivery quote'), payment: z.enum(['card', 'store_credit']).describe('How to pay') }),
  out: z.object({ order_number: orderNumber, amount_paid: money('Amount paid'), store_credit_left: money('Store credit left on the account') }),
  writes: ['baskets', 'variants', 'orders', 'account'],
  needs: [
    customer,
    quoteExists,
    must('conflict', (state, args) => !rowOf(state.baskets, quoteOf(state, args).basket).ordered, (args) => `The basket of quote \`${args.delivery_quote_id}\` has been ordered already.`),
    must('conflict', (state, args) => goodsCents(state, rowOf(state.baskets, quoteOf(state, args).basket)) === quoteOf(state, args).goodsCents, (args) => `The basket has changed since quote \`${args.delivery_quote_id}\`. Get a new delivery quote.`),
    must(
      'conflict',
      (state, args) => Object.entries(rowOf(state.baskets, quoteOf(state, args).basket).lines).every(([id, quantity]) => rowOf(state.variants, id).stock >= quantity),
      () => 'Something in the basket has been sold out since. Take it out of the basket.',
    ),
    (state, args) => (args.payment === 'card' ? undefined : enough<ShopState, typeof args>('the store credit', 'cents', (now) => now.account.creditCents, (paid, now) => totalOf(now, paid))(state, args)),
  ],
  run: ({ state, id }, args) => {
    const quote = quoteOf(state, args);
    const basket = rowOf(state.baskets, quote.basket);
    const order_number = id('O', args.delivery_quote_id, state.orders);
    const order: Order = { recipient: basket.recipient, placedOn: state.today, arrives: quote.arrives, status: 'processing', totalCents: totalOf(state, args), items: {} };
    for (const [variant, quantity] of Object.entries(basket.lines)) {
      rowOf(state.variants, variant).stock -= quantity;
      order.items[id('I', `${order_number}/${variant}`, order.items)] = { variant, quantity, paidCents: rowOf(state.variants, variant).priceCents * quantity };
    }
    basket.ordered = true;
    if (args.payment === 'store_credit') state.account.creditCents -= order.totalCents;
    state.orders[order_number] = order;
    return { order_number, amount_paid: fromCents(order.totalCents), store_credit_left: fromCents(state.account.creditCents) };
  },
});

const listOrders = tool({
  name: 'list_orders',
  about: 'List the orders of the signed-in customer with day, status and total.',
  in: z.strictObject({}),
  out: z.object({
    orders: z.array(z.object({ order_number: orderNumber, placed_on: z.iso.date().describe('Day of the order'), recipient: z.string().describe('Person the goods go to'), status: status.describe('Status of the order'), total: money('Total paid') })).describe('The orders, latest first'),
  }),
  needs: [customer],
  run: ({ state }) => ({
    orders: rowsOf(state.orders)
      .sort(([, a], [, b]) => daysBetween(a.placedOn, b.placedOn))
      .map(([order_number, one]) => ({ order_number, placed_on: one.placedOn, recipient: one.recipient, status: one.status, total: fromCents(one.totalCents) })),
  }),
});

const orderContents = tool({
  name: 'order_contents',
  about: 'List the items of an order with what was paid for each and until when they can be returned.',
  in: z.strictObject({ order_number: orderNumber }),
  out: z.object({
    items: z.array(z.object({ item_id: itemId, title: z.string().describe('Name of the product'), colour: z.string().describe('Colour'), quantity: z.int().describe('Pieces'), paid: money('Amount paid for the item') })).describe('The items'),
    return_until: z.iso.date().describe('Last day on which delivered items can be returned'),
  }),
  needs: [customer, orderExists],
  run: ({ state }, args) => {
    const order = orderOf(state, args);
    return {
      items: rowsOf(order.items).map(([item_id, one]) => ({ item_id, title: titleOf(state, one.variant), colour: rowOf(state.variants, one.variant).colour, quantity: one.quantity, paid: fromCents(one.paidCents) })),
      return_until: addDays(order.arrives, RETURN_DAYS),
    };
  },
});

const trackOrder = tool({
  name: 'track_order',
  about: 'Show where the parcel of an order is and when it arrives. There is nothing to track before an order is shipped.',
  in: z.strictObject({ order_number: orderNumber }),
  out: z.object({ carrier: z.string().describe('Carrier of the parcel'), last_seen_in: z.string().describe('Place where the parcel was last seen'), arrives_on: z.iso.date().describe('Day of arrival') }),
  needs: [customer, orderExists, inStatus({ kind: 'Order', id: (args) => args.order_number, status: (state, args) => orderOf(state, args).status, order: ORDER_STATUSES, allowed: ['shipped', 'delivered'] })],
  run: ({ state }, args) => {
    const rng = createRng(`${state.salt}/parcel/${args.order_number}`);
    return { carrier: rng.pick(['Brightwheel', 'Tidal Post', 'Nine Mile Couriers']), last_seen_in: rng.pick(['Garnock depot', 'Wexcombe sorting hall', 'Pollen Street hub', 'Hythe Cross depot']), arrives_on: orderOf(state, args).arrives };
  },
});

const callOffOrder = tool({
  name: 'call_off_order',
  about: 'Cancel an order that is still being processed. The amount goes to the store credit, the goods back into stock.',
  in: z.strictObject({ order_number: orderNumber }),
  out: z.object({ refunded: money('Amount put on the store credit'), store_credit: money('Store credit afterwards') }),
  writes: ['orders', 'variants', 'account'],
  needs: [customer, orderExists, inStatus({ kind: 'Order', id: (args) => args.order_number, status: (state, args) => orderOf(state, args).status, order: ORDER_STATUSES, allowed: ['processing'] })],
  run: ({ state }, args) => {
    const order = orderOf(state, args);
    order.status = 'cancelled';
    state.account.creditCents += order.totalCents;
    for (const { variant, quantity } of Object.values(order.items)) rowOf(state.variants, variant).stock += quantity;
    return { refunded: fromCents(order.totalCents), store_credit: fromCents(state.account.creditCents) };
  },
});

// ---- returns ----

const startReturn = tool({
  name: 'start_return',
  about: `Register the return of a delivered item, within ${RETURN_DAYS} days of its delivery. A changed mind costs a return fee, a fault of the goods does not.`,
  in: z.strictObject({ item_id: itemId, reason: z.enum(['faulty', 'wrong_item', 'does_not_fit', 'changed_mind']).describe('Why it goes back') }),
  out: z.object({ return_number: returnNumber, refund: money('Amount to be refunded'), send_back_by: z.iso.date().describe('Day by which the item must be on its way') }),
  writes: ['returns'],
  needs: [
    customer,
    must('not_found', (state, args) => orderOfItem(state, args.item_id) !== undefined, (args) => `There is no item \`${args.item_id}\` in any order.`),
    inStatus({ kind: 'Order', id: (args, state) => orderOfItem(state, args.item_id) as string, status: (state, args) => rowOf(state.orders, orderOfItem(state, args.item_id) as string).status, order: ORDER_STATUSES, allowed: ['delivered'] }),
    must('precondition', (state, args) => daysBetween(rowOf(state.orders, orderOfItem(state, args.item_id) as string).arrives, state.today) <= RETURN_DAYS, (args) => `Item \`${args.item_id}\` was delivered more than ${RETURN_DAYS} days ago.`),
    must('conflict', (state, args) => !Object.values(state.returns).some((one) => one.item === args.item_id), (args) => `A return of \`${args.item_id}\` is registered already.`),
  ],
  run: ({ state, id }, args) => {
    const { paidCents } = rowOf(rowOf(state.orders, orderOfItem(state, args.item_id) as string).items, args.item_id);
    const refundCents = args.reason === 'changed_mind' ? Math.max(0, paidCents - 395) : paidCents;
    const return_number = id('R', args.item_id, state.returns);
    state.returns[return_number] = { item: args.item_id, refundCents, collectionOn: null };
    return { return_number, refund: fromCents(refundCents), send_back_by: addDays(state.today, 14) };
  },
});

const bookReturnCollection = tool({
  name: 'book_return_collection',
  about: 'Book the courier that collects a registered return, within 14 days and not on a Sunday.',
  in: z.strictObject({ return_number: returnNumber, date: day('Day of the collection, as YYYY-MM-DD') }),
  out: z.object({ courier: z.string().describe('Name of the courier'), comes_between: z.string().describe('Time window, local time'), door_code: z.string().describe('Code by which the courier identifies themselves') }),
  writes: ['returns'],
  needs: [
    customer,
    exists('return', (state) => state.returns, (args) => args.return_number),
    must('conflict', (state, args) => rowOf(state.returns, args.return_number).collectionOn === null, (args) => `A collection of \`${args.return_number}\` is booked already.`),
    notPast((args) => args.date, 14),
    must('precondition', (_state, args) => weekdayOf(args.date) !== 'Sunday', (args) => `${args.date} is a Sunday: no courier comes.`),
  ],
  run: ({ state, id }, args) => {
    rowOf(state.returns, args.return_number).collectionOn = args.date;
    const rng = createRng(`${state.salt}/courier/${args.return_number}/${args.date}`);
    const hour = rng.int(8, 17);
    return { courier: rng.pick(['Aurel', 'Bettina', 'Casper', 'Dorothea', 'Emeric']), comes_between: `${hour}:00 and ${hour + 2}:00`, door_code: id('C', args.return_number, {}) };
  },
});

/** The tools of the shop, as its assistant would be given them. */
export const shopTools: readonly DomainTool<ShopState>[] = [
  signIn,
  searchCatalogue,
  productDetails,
  listVariants,
  compareVariants,
  openBasket,
  addToBasket,
  removeFromBasket,
  applyVoucher,
  findPickupPoint,
  saveAddress,
  quoteDelivery,
  checkOut,
  listOrders,
  orderContents,
  trackOrder,
  callOffOrder,
  startReturn,
  bookReturnCollection,
];
