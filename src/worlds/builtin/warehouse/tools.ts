import { z } from 'zod';
import { createRng } from '../../../core/random';
import { weekdayOf } from '../calendar';
import { enough, findId, inStatus, notPast, rowOf, rowsOf, sameName, signedIn, sortedBy } from '../combinators';
import { day, exists, must, ref, toolsOn, type DomainTool, type Need } from '../domain';
import { filled, ORDER_STATUSES, PALLET_STATUSES, stored, unreserved, type WarehouseState } from './state';

const tool = toolsOn<WarehouseState>();
type Pallet = WarehouseState['pallets'][string];
type Order = WarehouseState['orders'][string];

// ---- fields ----

const sku = ref('sku', 'Code of an article');
const poNumber = ref('po_number', 'Number of a purchase order');
const lineId = ref('po_line_id', 'Code of one line of a purchase order');
const palletId = ref('pallet_id', 'Code of a pallet');
const binId = (description: string): z.ZodString => ref('bin_id', description);
const orderNumber = ref('customer_order', "Number of a customer's order");
const pickId = ref('pick_id', 'Code of one pick: an article to take from a bin');
const cartonId = ref('carton_id', 'Code of a packed carton');
const pieces = (description: string): z.ZodInt => z.int().min(1).max(12).describe(description);

// ---- needs ----

const shift: Need<WarehouseState, unknown> = signedIn();
const articleExists = exists<WarehouseState, { sku: string }>('article', (state) => state.articles, (args) => args.sku);
const palletIs = (...allowed: Pallet['status'][]): Need<WarehouseState, { pallet_id: string }>[] => [
  exists('pallet', (state) => state.pallets, (args) => args.pallet_id),
  inStatus({ kind: 'Pallet', id: (args) => args.pallet_id, status: (state, args) => rowOf(state.pallets, args.pallet_id).status, order: PALLET_STATUSES, allowed }),
];
const binExists = <A>(id: (args: A) => string): Need<WarehouseState, A> => exists('bin', (state) => state.bins, id);
const orderIs = (...allowed: Order['status'][]): Need<WarehouseState, { order_number: string }>[] => [
  exists('order', (state) => state.orders, (args) => args.order_number),
  inStatus({ kind: 'Order', id: (args) => args.order_number, status: (state, args) => rowOf(state.orders, args.order_number).status, order: ORDER_STATUSES, allowed }),
];

/** The bin may hold the article and has room for the pieces. */
const fits = <A>(given: { bin: (args: A) => string; sku: (args: A, state: WarehouseState) => string; quantity: (args: A, state: WarehouseState) => number }): Need<WarehouseState, A>[] => [
  must(
    'precondition',
    (state, args) => !rowOf(state.articles, given.sku(args, state)).hazardous || rowOf(state.bins, given.bin(args)).zone === 'bunker',
    (args) => `The article is hazardous and bin \`${given.bin(args)}\` is not in the bunker.`,
  ),
  must(
    'conflict',
    (state, args) => roomIn(state, given.bin(args)) >= given.quantity(args, state),
    (args, state) => `Bin \`${given.bin(args)}\` has room for ${roomIn(state, given.bin(args))} pieces, not for ${given.quantity(args, state)}.`,
  ),
];

// ---- reading the state ----

const roomIn = (state: WarehouseState, bin: string): number => rowOf(state.bins, bin).capacity - filled(state, bin);
const purchaseIdOf = (state: WarehouseState, line: string): string => findId(state.purchaseOrders, (one) => Object.hasOwn(one.lines, line)) ?? '';
const purchaseOf = (state: WarehouseState, line: string): WarehouseState['purchaseOrders'][string] | undefined => state.purchaseOrders[purchaseIdOf(state, line)];
const lineOf = (state: WarehouseState, line: string): { sku: string; ordered: number; received: number } => rowOf(rowOf(state.purchaseOrders, purchaseIdOf(state, line)).lines, line);
const nameOf = (state: WarehouseState, article: string): string => rowOf(state.articles, article).name;
const picksOf = (state: WarehouseState, order: string): WarehouseState['picks'][string][] => Object.values(state.picks).filter((one) => one.order === order);
const gramsOf = (state: WarehouseState, order: string): number => Object.entries(rowOf(state.orders, order).wants).reduce((grams, [article, quantity]) => grams + rowOf(state.articles, article).grams * quantity, 0);

function takeFrom(state: WarehouseState, bin: string, article: string, quantity: number): void {
  const { pieces: held } = rowOf(state.bins, bin);
  const left = (held[article] ?? 0) - quantity;
  if (left > 0) held[article] = left;
  else delete held[article];
}

function putInto(state: WarehouseState, bin: string, article: string, quantity: number): void {
  const { pieces: held } = rowOf(state.bins, bin);
  held[article] = (held[article] ?? 0) + quantity;
}

// ---- the shift, articles and bins ----

const openShift = tool({
  name: 'open_shift',
  about: 'Open the shift by the badge and PIN of its lead. Nothing is received, moved, picked or packed before.',
  in: z.strictObject({ badge: ref('badge_number', 'Number on the badge'), pin: ref('badge_pin', 'PIN of the badge') }),
  out: z.object({ shift_lead: z.string().describe('Name of the shift lead'), crew: z.int().describe('People on the shift'), radio_channel: z.string().describe('Radio channel of the shift') }),
  writes: ['session'],
  needs: [
    must('not_found', (state, args) => state.lead.badge === args.badge, (args) => `There is no badge \`${args.badge}\`.`),
    must('precondition', (state, args) => state.lead.pin === args.pin, () => 'The PIN does not belong to this badge.'),
  ],
  run: ({ state }) => {
    state.session.signedIn = true;
    const rng = createRng(`${state.salt}/shift`);
    return { shift_lead: state.lead.name, crew: rng.int(12, 31), radio_channel: `${rng.pick(['Kilo', 'Tango', 'Victor', 'Zulu'])} ${rng.int(11, 29)}` };
  },
});

const findArticle = tool({
  name: 'find_article',
  about: 'Find an article by its name. Bins and stock moves go by its code.',
  in: z.strictObject({ article_name: ref('article_name', 'Name of the article') }),
  out: z.object({ sku, weight_grams: z.int().describe('Weight of one piece in grams'), pieces_in_bins: z.int().describe('Pieces in all bins'), hazardous: z.boolean().describe('Whether it must be kept in the bunker') }),
  needs: [must('not_found', (state, args) => findId(state.articles, (one) => sameName(one.name, args.article_name)) !== undefined, (args) => `There is no article called \`${args.article_name}\`.`)],
  run: ({ state }, args) => {
    const found = findId(state.articles, (one) => sameName(one.name, args.article_name)) as string;
    return { sku: found, weight_grams: rowOf(state.articles, found).grams, pieces_in_bins: stored(state, found), hazardous: rowOf(state.articles, found).hazardous };
  },
});

const articleBins = tool({
  name: 'article_bins',
  about: 'List the bins that hold an article, and empty ones that may take it.',
  in: z.strictObject({ sku }),
  out: z.object({
    bins: z.array(z.object({ bin_id: binId('Code of the bin'), aisle: z.string().describe('Aisle and level'), pieces: z.int().describe('Pieces of the article in the bin'), not_set_aside: z.int().describe('Pieces that no pick has set aside') })).describe('The bins'),
  }),
  needs: [articleExists],
  run: ({ state }, args) => {
    const zone = rowOf(state.articles, args.sku).hazardous ? 'bunker' : 'hall';
    const wanted = rowsOf(state.bins, (one) => (one.pieces[args.sku] ?? 0) > 0 || (Object.keys(one.pieces).length === 0 && one.zone === zone));
    return { bins: sortedBy(wanted, ([, one]) => one.aisle).map(([bin_id, one]) => ({ bin_id, aisle: one.aisle, pieces: one.pieces[args.sku] ?? 0, not_set_aside: unreserved(state, bin_id, args.sku) })) };
  },
});

const countBin = tool({
  name: 'count_bin',
  about: 'Show how full a bin is and when it was last counted.',
  in: z.strictObject({ bin_id: binId('Code of the bin') }),
  out: z.object({ pieces: z.int().describe('Pieces in the bin, of all articles'), room_for: z.int().describe('Pieces for which there is room'), counted_by: z.string().describe('Who counted it last') }),
  needs: [binExists((args) => args.bin_id)],
  run: ({ state }, args) => ({
    pieces: filled(state, args.bin_id),
    room_for: roomIn(state, args.bin_id),
    counted_by: createRng(`${state.salt}/counted/${args.bin_id}`).pick(['Agnieszka Thorn', 'Bram Ollerton', 'Celeste Imrie', 'Dilan Foss', 'Erna Pascoe']),
  }),
});

const moveStock = tool({
  name: 'move_stock',
  about: 'Move pieces of an article from one bin to another. What is set aside for picks stays.',
  in: z.strictObject({ sku, from_bin: binId('Code of the bin they are in'), to_bin: binId('Code of the bin they go to'), quantity: pieces('Pieces to move').default(1) }),
  out: z.object({ left_in_bin: z.int().describe('Pieces of the article left in the first bin'), room_left: z.int().describe('Pieces for which the second bin still has room'), metres: z.int().describe('Way between the bins, in metres') }),
  writes: ['bins'],
  needs: [
    shift,
    articleExists,
    binExists((args) => args.from_bin),
    binExists((args) => args.to_bin),
    must('invalid_args', (_state, args) => args.from_bin !== args.to_bin, () => 'The two bins are the same.'),
    enough('the first bin', 'pieces', (state, args) => unreserved(state, args.from_bin, args.sku), (args) => args.quantity),
    ...fits<{ sku: string; to_bin: string; quantity: number }>({ bin: (args) => args.to_bin, sku: (args) => args.sku, quantity: (args) => args.quantity }),
  ],
  run: ({ state }, args) => {
    takeFrom(state, args.from_bin, args.sku, args.quantity);
    putInto(state, args.to_bin, args.sku, args.quantity);
    const metres = createRng(`${state.salt}/way/${[args.from_bin, args.to_bin].sort().join('/')}`).int(14, 190);
    return { left_in_bin: rowOf(state.bins, args.from_bin).pieces[args.sku] ?? 0, room_left: roomIn(state, args.to_bin), metres };
  },
});

// ---- goods in ----

const findPurchaseOrders = tool({
  name: 'find_purchase_orders',
  about: 'List the purchase orders with a supplier and when their trucks arrive.',
  in: z.strictObject({ supplier: ref('supplier', 'Name of the supplier') }),
  out: z.object({
    purchase_orders: z.array(z.object({ po_number: poNumber, arrives_on: z.iso.date().describe('Day on which the truck arrives'), driver: z.string().describe('Driver of the truck') })).describe('The purchase orders, earliest first'),
  }),
  needs: [must('not_found', (state, args) => Object.values(state.purchaseOrders).some((one) => sameName(one.supplier, args.supplier)), (args) => `There is no purchase order with \`${args.supplier}\`.`)],
  run: ({ state }, args) => ({
    purchase_orders: sortedBy(rowsOf(state.purchaseOrders, (one) => sameName(one.supplier, args.supplier)), ([, one]) => one.arrivesOn).map(([po_number, one]) => ({
      po_number,
      arrives_on: one.arrivesOn,
      driver: createRng(`${state.salt}/driver/${po_number}`).pick(['Ansgar Pill', 'Bodil Rennick', 'Corvin Hale', 'Della Straw', 'Ezra Quint']),
    })),
  }),
});

const purchaseOrderLines = tool({
  name: 'purchase_order_lines',
  about: 'List the lines of a purchase order: what was ordered and what has been received. Deliveries are received by line.',
  in: z.strictObject({ po_number: poNumber }),
  out: z.object({
    lines: z.array(z.object({ line_id: lineId, sku, article: z.string().describe('Name of the article'), ordered: z.int().describe('Pieces ordered'), received: z.int().describe('Pieces received so far') })).describe('The lines'),
  }),
  needs: [exists('purchase order', (state) => state.purchaseOrders, (args) => args.po_number)],
  run: ({ state }, args) => ({
    lines: rowsOf(rowOf(state.purchaseOrders, args.po_number).lines).map(([line_id, one]) => ({ line_id, sku: one.sku, article: nameOf(state, one.sku), ordered: one.ordered, received: one.received })),
  }),
});

const receivePallet = tool({
  name: 'receive_pallet',
  about: 'Receive pieces of a purchase-order line on a pallet, once the truck has arrived. The pallet waits at the dock for its inspection.',
  in: z.strictObject({ line_id: lineId, quantity: pieces('Pieces on the pallet') }),
  out: z.object({ pallet_id: palletId, dock: z.string().describe('Gate at which the pallet stands'), still_to_come: z.int().describe('Pieces of the line still to come') }),
  writes: ['pallets', 'purchaseOrders', 'articles'],
  needs: [
    shift,
    must('not_found', (state, args) => purchaseOf(state, args.line_id) !== undefined, (args) => `There is no purchase-order line \`${args.line_id}\`.`),
    must('precondition', (state, args) => (purchaseOf(state, args.line_id)?.arrivesOn ?? '') <= state.today, (args, state) => `The truck arrives on ${purchaseOf(state, args.line_id)?.arrivesOn}, today is ${state.today}.`),
    must('conflict', (state, args) => lineOf(state, args.line_id).received + args.quantity <= lineOf(state, args.line_id).ordered, (args, state) => `Only ${lineOf(state, args.line_id).ordered - lineOf(state, args.line_id).received} pieces of the line are still to come.`),
  ],
  run: ({ state, id }, args) => {
    const line = lineOf(state, args.line_id);
    line.received += args.quantity;
    rowOf(state.articles, line.sku).cameIn += args.quantity;
    const pallet_id = id('PL', args.line_id, state.pallets);
    const dock = `Gate ${createRng(`${state.salt}/dock/${args.line_id}`).int(11, 24)}`;
    state.pallets[pallet_id] = { line: args.line_id, sku: line.sku, quantity: args.quantity, dock, status: 'at_dock' };
    return { pallet_id, dock, still_to_come: line.ordered - line.received };
  },
});

const dockPallets = tool({
  name: 'dock_pallets',
  about: 'List the pallets that have not been put away or sent back, with gate and status.',
  in: z.strictObject({}),
  out: z.object({
    pallets: z.array(z.object({ pallet_id: palletId, article: z.string().describe('Name of the article'), quantity: z.int().describe('Pieces on the pallet'), dock: z.string().describe('Gate at which it stands'), status: z.enum(PALLET_STATUSES).describe('Status of the pallet') })).describe('The pallets'),
  }),
  needs: [shift],
  run: ({ state }) => ({
    pallets: rowsOf(state.pallets, (one) => one.status !== 'stored' && one.status !== 'sent_back').map(([pallet_id, one]) => ({ pallet_id, article: nameOf(state, one.sku), quantity: one.quantity, dock: one.dock, status: one.status })),
  }),
});

const inspectPallet = tool({
  name: 'inspect_pallet',
  about: 'Enter the inspection of a pallet at the dock. A sound one is released, any other is quarantined.',
  in: z.strictObject({ pallet_id: palletId, condition: z.enum(['sound', 'damaged', 'wet', 'wrong_label']).describe('Condition of the goods') }),
  out: z.object({ status: z.enum(PALLET_STATUSES).describe('Status of the pallet'), seal_number: z.string().describe('Number of the inspection seal'), gross_kilograms: z.number().describe('Weight of goods and pallet, in kilograms') }),
  writes: ['pallets'],
  needs: [shift, ...palletIs('at_dock')],
  run: ({ state }, args) => {
    const pallet = rowOf(state.pallets, args.pallet_id);
    pallet.status = args.condition === 'sound' ? 'released' : 'quarantined';
    return { status: pallet.status, seal_number: `${createRng(`${state.salt}/seal/${args.pallet_id}`).int(300_000, 899_999)}`, gross_kilograms: (rowOf(state.articles, pallet.sku).grams * pallet.quantity + 18_500) / 1000 };
  },
});

const proposeBins = tool({
  name: 'propose_bins',
  about: 'Propose bins that have room for a released pallet and may hold its article.',
  in: z.strictObject({ pallet_id: palletId }),
  out: z.object({ bins: z.array(z.object({ bin_id: binId('Code of the bin'), aisle: z.string().describe('Aisle and level'), room_for: z.int().describe('Pieces for which there is room') })).describe('The bins, by aisle') }),
  needs: [shift, ...palletIs('released')],
  run: ({ state }, args) => {
    const pallet = rowOf(state.pallets, args.pallet_id);
    const zone = rowOf(state.articles, pallet.sku).hazardous ? 'bunker' : 'hall';
    const wanted = rowsOf(state.bins, (one, id) => one.zone === zone && roomIn(state, id) >= pallet.quantity);
    return { bins: sortedBy(wanted, ([, one]) => one.aisle).slice(0, 5).map(([bin_id, one]) => ({ bin_id, aisle: one.aisle, room_for: roomIn(state, bin_id) })) };
  },
});

const putAway = tool({
  name: 'put_away',
  about: 'Put a released pallet away into a bin.',
  in: z.strictObject({ pallet_id: palletId, bin_id: binId('Code of the bin') }),
  out: z.object({ aisle: z.string().describe('Aisle and level of the bin'), pieces_in_bin: z.int().describe('Pieces of the article now in the bin'), forklift: z.string().describe('Forklift that brings it there') }),
  writes: ['pallets', 'bins'],
  needs: [
    shift,
    ...palletIs('released'),
    binExists((args) => args.bin_id),
    ...fits<{ pallet_id: string; bin_id: string }>({ bin: (args) => args.bin_id, sku: (args, state) => rowOf(state.pallets, args.pallet_id).sku, quantity: (args, state) => rowOf(state.pallets, args.pallet_id).quantity }),
  ],
  run: ({ state }, args) => {
    const pallet = rowOf(state.pallets, args.pallet_id);
    pallet.status = 'stored';
    putInto(state, args.bin_id, pallet.sku, pallet.quantity);
    const { aisle, pieces: held } = rowOf(state.bins, args.bin_id);
    return { aisle, pieces_in_bin: held[pallet.sku] ?? 0, forklift: createRng(`${state.salt}/forklift/${args.pallet_id}`).pick(['Badger', 'Bison', 'Heron', 'Otter']) };
  },
});

const returnToSupplier = tool({
  name: 'return_to_supplier',
  about: 'Send a quarantined pallet back to its supplier. Its pieces count as still to come.',
  in: z.strictObject({ pallet_id: palletId }),
  out: z.object({ supplier: z.string().describe('Supplier it goes back to'), return_note: z.string().describe('Number of the return note'), still_to_come: z.int().describe('Pieces of the line still to come') }),
  writes: ['pallets', 'purchaseOrders', 'articles'],
  needs: [shift, ...palletIs('quarantined')],
  run: ({ state, id }, args) => {
    const pallet = rowOf(state.pallets, args.pallet_id);
    const line = lineOf(state, pallet.line);
    pallet.status = 'sent_back';
    line.received -= pallet.quantity;
    rowOf(state.articles, pallet.sku).left += pallet.quantity;
    return { supplier: purchaseOf(state, pallet.line)?.supplier ?? '', return_note: id('RN', args.pallet_id, {}), still_to_come: line.ordered - line.received };
  },
});

// ---- goods out ----

const findCustomerOrders = tool({
  name: 'find_customer_orders',
  about: "List a customer's orders with due day, status and pieces.",
  in: z.strictObject({ customer: ref('customer', 'Name of the customer') }),
  out: z.object({
    orders: z.array(z.object({ order_number: orderNumber, due_on: z.iso.date().describe('Day on which it is due'), pieces: z.int().describe('Pieces in the order'), weight_grams: z.int().describe('Weight of the goods in grams'), status: z.enum(ORDER_STATUSES).describe('Status of the order') })).describe('The orders'),
  }),
  needs: [shift, must('not_found', (state, args) => Object.values(state.orders).some((one) => sameName(one.customer, args.customer)), (args) => `There is no order of \`${args.customer}\`.`)],
  run: ({ state }, args) => ({
    orders: rowsOf(state.orders, (one) => sameName(one.customer, args.customer)).map(([order_number, one]) => ({
      order_number,
      due_on: one.dueOn,
      pieces: Object.values(one.wants).reduce((total, quantity) => total + quantity, 0),
      weight_grams: gramsOf(state, order_number),
      status: one.status,
    })),
  }),
});

/** Takes each article from its bins in the order of their codes, as far as nobody else has set it aside. */
function planPicks(state: WarehouseState, order: string): { sku: string; bin: string; quantity: number }[] {
  return Object.entries(rowOf(state.orders, order).wants).flatMap(([article, wanted]) => {
    let missing = wanted;
    return rowsOf(state.bins).flatMap(([bin]) => {
      const quantity = Math.min(missing, unreserved(state, bin, article));
      missing -= quantity;
      return quantity > 0 ? [{ sku: article, bin, quantity }] : [];
    });
  });
}

const missingFor = (state: WarehouseState, order: string): string | undefined =>
  Object.entries(rowOf(state.orders, order).wants).find(([article, wanted]) => planPicks(state, order).filter((one) => one.sku === article).reduce((total, one) => total + one.quantity, 0) < wanted)?.[0];

const startPicking = tool({
  name: 'start_picking',
  about: 'Start picking an open order: everything it needs is set aside in its bins. Gives the picks.',
  in: z.strictObject({ order_number: orderNumber }),
  out: z.object({ picks: z.array(z.object({ pick_id: pickId, article: z.string().describe('Name of the article'), aisle: z.string().describe('Aisle and level'), quantity: z.int().describe('Pieces to take') })).describe('The picks, by aisle') }),
  writes: ['orders', 'picks'],
  needs: [
    shift,
    ...orderIs('open'),
    must('precondition', (state, args) => missingFor(state, args.order_number) === undefined, (args, state) => `There are not enough pieces of ${nameOf(state, missingFor(state, args.order_number) as string)} in the bins.`),
  ],
  run: ({ state, id }, args) => {
    rowOf(state.orders, args.order_number).status = 'picking';
    const picks = planPicks(state, args.order_number).map((plan) => {
      const pick_id = id('PK', `${args.order_number}/${plan.bin}/${plan.sku}`, state.picks);
      state.picks[pick_id] = { order: args.order_number, ...plan, done: false };
      return { pick_id, article: nameOf(state, plan.sku), aisle: rowOf(state.bins, plan.bin).aisle, quantity: plan.quantity };
    });
    return { picks: sortedBy(picks, (one) => one.aisle) };
  },
});

const confirmPick = tool({
  name: 'confirm_pick',
  about: 'Confirm that a pick was taken from its bin.',
  in: z.strictObject({ pick_id: pickId }),
  out: z.object({ left_in_bin: z.int().describe('Pieces of the article left in the bin'), picks_to_go: z.int().describe('Picks of the order still to be confirmed'), trolley: z.string().describe('Trolley on which the pieces lie') }),
  writes: ['picks', 'bins'],
  needs: [
    shift,
    exists('pick', (state) => state.picks, (args) => args.pick_id),
    must('conflict', (state, args) => !rowOf(state.picks, args.pick_id).done, (args) => `Pick \`${args.pick_id}\` has been confirmed.`),
  ],
  run: ({ state }, args) => {
    const pick = rowOf(state.picks, args.pick_id);
    pick.done = true;
    takeFrom(state, pick.bin, pick.sku, pick.quantity);
    const rng = createRng(`${state.salt}/trolley/${pick.order}`);
    return { left_in_bin: rowOf(state.bins, pick.bin).pieces[pick.sku] ?? 0, picks_to_go: picksOf(state, pick.order).filter((one) => !one.done).length, trolley: `${rng.pick(['Ash', 'Elm', 'Oak', 'Yew'])} ${rng.int(21, 88)}` };
  },
});

const CARRIES_GRAMS = { small: 6000, medium: 20_000, large: 90_000 } as const;

const packOrder = tool({
  name: 'pack_order',
  about: 'Pack an order whose picks are all confirmed into one carton. The carton must carry its weight: small 6 kg, medium 20 kg, large 90 kg.',
  in: z.strictObject({ order_number: orderNumber, carton: z.enum(['small', 'medium', 'large']).describe('Size of the carton') }),
  out: z.object({ carton_id: cartonId, weight_kilograms: z.number().describe('Weight of carton and goods, in kilograms'), pack_station: z.string().describe('Station at which it was packed') }),
  writes: ['orders', 'cartons', 'articles'],
  needs: [
    shift,
    ...orderIs('picking'),
    must('precondition', (state, args) => picksOf(state, args.order_number).every((one) => one.done), (args, state) => `${picksOf(state, args.order_number).filter((one) => !one.done).length} picks of order \`${args.order_number}\` are still to be confirmed.`),
    must('precondition', (state, args) => gramsOf(state, args.order_number) <= CARRIES_GRAMS[args.carton], (args, state) => `The goods weigh ${gramsOf(state, args.order_number) / 1000} kg, too much for a ${args.carton} carton.`),
  ],
  run: ({ state, id }, args) => {
    const order = rowOf(state.orders, args.order_number);
    order.status = 'packed';
    for (const [article, quantity] of Object.entries(order.wants)) rowOf(state.articles, article).left += quantity;
    const carton_id = id('CT', args.order_number, state.cartons);
    const rng = createRng(`${state.salt}/pack/${args.order_number}`);
    const grams = gramsOf(state, args.order_number) + rng.int(320, 790);
    state.cartons[carton_id] = { order: args.order_number, grams, collectionOn: null };
    return { carton_id, weight_kilograms: grams / 1000, pack_station: `${rng.pick(['North', 'South', 'East'])} ${rng.int(11, 19)}` };
  },
});

const bookCollection = tool({
  name: 'book_collection',
  about: 'Book the carrier that collects a packed carton, within 10 days and not on Saturdays and Sundays.',
  in: z.strictObject({ carton_id: cartonId, date: day('Day of the collection, as YYYY-MM-DD') }),
  out: z.object({ carrier: z.string().describe('Name of the carrier'), gate: z.string().describe('Gate to which it comes'), comes_between: z.string().describe('Time window, local time') }),
  writes: ['cartons', 'orders'],
  needs: [
    shift,
    exists('carton', (state) => state.cartons, (args) => args.carton_id),
    must('conflict', (state, args) => rowOf(state.cartons, args.carton_id).collectionOn === null, (args) => `A collection of carton \`${args.carton_id}\` is booked already.`),
    notPast((args) => args.date, 10),
    must('precondition', (_state, args) => !weekdayOf(args.date).startsWith('S'), (args) => `${args.date} is a ${weekdayOf(args.date)}: no carrier comes.`),
  ],
  run: ({ state }, args) => {
    const carton = rowOf(state.cartons, args.carton_id);
    carton.collectionOn = args.date;
    rowOf(state.orders, carton.order).status = 'collected';
    const rng = createRng(`${state.salt}/carrier/${args.carton_id}/${args.date}`);
    const hour = rng.int(10, 17);
    return { carrier: rng.pick(['Brightwater Freight', 'Longshore Haulage', 'Mistral Lines']), gate: `Gate ${rng.int(31, 44)}`, comes_between: `${hour}:00 and ${hour + 1}:30` };
  },
});

/** The tools of the warehouse, as its floor assistant would be given them. */
export const warehouseTools: readonly DomainTool<WarehouseState>[] = [
  openShift,
  findArticle,
  articleBins,
  countBin,
  moveStock,
  findPurchaseOrders,
  purchaseOrderLines,
  receivePallet,
  dockPallets,
  inspectPallet,
  proposeBins,
  putAway,
  returnToSupplier,
  findCustomerOrders,
  startPicking,
  confirmPick,
  packOrder,
  bookCollection,
];
