import { z } from 'zod';
import { createRng } from '../../../core/random';
import { addDays, timeOf, weekdayOf } from '../calendar';
import { clock, dayShown, enough, findId, fromCents, inStatus, money, notPast, rowOf, rowsOf, sameName, signedIn, sortedBy } from '../combinators';
import { day, exists, hiddenCode, must, ref, toolsOn, type DomainTool, type Need } from '../domain';
import { PARCEL_STATUSES, SERVICE_NAMES, SERVICES, workingDay, type ParcelsState } from './state';

const tool = toolsOn<ParcelsState>();
type Parcel = ParcelsState['parcels'][string];

// ---- shared fields ----

const postcode = (description: string): z.ZodString => ref('postcode', description);
const shopId = ref('shop_id', 'Identifier of a parcel shop, as given by nearest_parcel_shop');
const quoteId = ref('quote_id', 'Identifier of a rate quote, as given by quote_rate');
const parcelId = ref('parcel_id', "Identifier of one of the sender's parcels");
const trackingNumber = ref('tracking_number', 'Number under which a parcel is tracked');
const windowId = ref('window_id', 'Identifier of a pickup window, as given by pickup_windows');
const pickupId = ref('pickup_id', 'Identifier of a booked pickup, as given by book_pickup');
const creditLeft = money("The sender's credit afterwards");

// ---- needs ----

const loggedIn = signedIn<ParcelsState>();
const placeExists = <A>(read: (args: A) => string): Need<ParcelsState, A> => exists('postcode', (state) => state.places, read);
const parcelExists = exists<ParcelsState, { parcel_id: string }>('parcel', (state) => state.parcels, (args) => args.parcel_id);
const parcelIs = (...allowed: (typeof PARCEL_STATUSES)[number][]): Need<ParcelsState, { parcel_id: string }> =>
  inStatus({ kind: 'Parcel', id: (args) => args.parcel_id, status: (state, args) => rowOf(state.parcels, args.parcel_id).status, order: PARCEL_STATUSES, allowed });
const tracked = must<ParcelsState, { tracking_number: string }>('not_found', (state, args) => parcelTracked(state, args) !== undefined, (args) => `No parcel has the tracking number \`${args.tracking_number}\`.`);
const enoughCredit = <A>(takes: (args: A, state: ParcelsState) => number): Need<ParcelsState, A> =>
  enough("the sender's credit", 'euros', (state) => fromCents(state.sender.creditCents), (args, state) => fromCents(takes(args, state)));

// ---- reading and paying ----

const parcelTracked = (state: ParcelsState, args: { tracking_number: string }): string | undefined => findId(state.parcels, (one) => one.tracking === args.tracking_number);

/** Takes cents from the credit and keeps them with the parcel; negative gives them back. */
function charge(state: ParcelsState, parcel: Parcel, cents: number): void {
  state.sender.creditCents -= cents;
  parcel.paidCents += cents;
}

interface Window {
  id: string;
  start: number;
  capacity: number;
}

const WINDOWS_A_DAY = 3;
const PICKUP_DAYS = 14;

/** The pickup windows of a place on a day; none on a Sunday. */
function windowsOn(state: ParcelsState, place: string, date: string): Window[] {
  if (weekdayOf(date) === 'Sunday') return [];
  return Array.from({ length: WINDOWS_A_DAY }, (_, slot) => {
    const key = `window/${place}/${date}/${slot}`;
    const rng = createRng(`${state.salt}/${key}`);
    return { id: `PW-${hiddenCode(state.salt, key, 6)}`, start: 8 * 60 + slot * 210 + 15 * rng.int(0, 7), capacity: rng.int(0, 3) };
  });
}

/** The window with this id at the place a parcel leaves from, with its day. */
function windowAt(state: ParcelsState, place: string, id: string): (Window & { date: string }) | undefined {
  for (let ahead = 0; ahead <= PICKUP_DAYS; ahead++) {
    const date = addDays(state.today, ahead);
    const found = windowsOn(state, place, date).find((one) => one.id === id);
    if (found) return { ...found, date };
  }
  return undefined;
}

const bookedIn = (state: ParcelsState, window: string): number => rowsOf(state.pickups, (one) => one.window === window && !one.cancelled).length;

// ---- places and rates ----

const findPostcode = tool({
  name: 'find_postcode',
  about: 'Find the postcode of an address, with its delivery zone and the depot that serves it.',
  in: z.strictObject({ address: ref('address', 'Number, street and town') }),
  out: z.object({ postcode: postcode('Postcode of the address'), zone: z.int().describe('Delivery zone'), depot: z.string().describe('Depot that serves the address') }),
  needs: [must('not_found', (state, args) => placeAt(state, args.address) !== undefined, (args) => `There is no address \`${args.address}\`.`)],
  run: ({ state }, args) => {
    const found = placeAt(state, args.address) as string;
    const { zone, depot } = rowOf(state.places, found);
    return { postcode: found, zone, depot };
  },
});

const placeAt = (state: ParcelsState, address: string): string | undefined => findId(state.places, (one) => sameName(one.address, address));
const companyAt = (state: ParcelsState, company: string): string | undefined => findId(state.places, (one) => one.company !== null && sameName(one.company, company));

const findBusiness = tool({
  name: 'find_business',
  about: 'Find a company in the business directory: its postcode, street address and until when it takes parcels in.',
  in: z.strictObject({ company_name: ref('company_name', 'Name of the company') }),
  out: z.object({ postcode: postcode('Postcode of the company'), street_address: z.string().describe('Street address of the company'), accepts_until: clock('Time until which parcels are taken in') }),
  needs: [must('not_found', (state, args) => companyAt(state, args.company_name) !== undefined, (args) => `The directory has no company \`${args.company_name}\`.`)],
  run: ({ state }, args) => {
    const found = companyAt(state, args.company_name) as string;
    return { postcode: found, street_address: rowOf(state.places, found).address, accepts_until: createRng(`${state.salt}/dock/${found}`).pick(['15:30', '16:00', '16:45', '17:15', '18:30']) };
  },
});

const nearestParcelShop = tool({
  name: 'nearest_parcel_shop',
  about: 'Find the parcel shop nearest to a postcode. Parcels can be dropped off there.',
  in: z.strictObject({ postcode: postcode('Postcode to look near') }),
  out: z.object({ shop_id: shopId, shop_name: z.string().describe('Name of the shop'), closes_at: clock('Time at which the shop closes'), walk_minutes: z.int().describe('Walk to the shop, in minutes') }),
  needs: [placeExists((args) => args.postcode)],
  run: ({ state }, args) => {
    const shop_id = findId(state.shops, (shop) => shop.zone === rowOf(state.places, args.postcode).zone) as string;
    const rng = createRng(`${state.salt}/walk/${args.postcode}`);
    return { shop_id, shop_name: rowOf(state.shops, shop_id).name, closes_at: createRng(`${state.salt}/hours/${shop_id}`).pick(['17:45', '18:00', '19:15', '20:30', '21:00']), walk_minutes: rng.int(3, 38) };
  },
});

const quoteRate = tool({
  name: 'quote_rate',
  about: 'Get a binding price for a parcel from one postcode to another. Zones apart and weight count.',
  in: z.strictObject({
    from_postcode: postcode('Postcode the parcel leaves from'),
    to_postcode: postcode('Postcode the parcel goes to'),
    kilograms: z.int().min(1).max(20).describe('Weight of the parcel, in whole kilograms'),
    service: z.enum(SERVICE_NAMES).default('standard').describe('How fast the parcel travels'),
  }),
  out: z.object({ quote_id: quoteId, price: money('Price of the label'), delivered_by: dayShown('Day by which the parcel arrives when it is handed over today') }),
  writes: ['quotes'],
  needs: [
    placeExists((args) => args.from_postcode), placeExists((args) => args.to_postcode),
    must('invalid_args', (_state, args) => args.from_postcode !== args.to_postcode, () => 'The parcel leaves from where it goes to.'),
  ],
  run: ({ state, id }, args) => {
    const { cents, days } = SERVICES[args.service];
    const zones = 1 + Math.abs(rowOf(state.places, args.from_postcode).zone - rowOf(state.places, args.to_postcode).zone);
    const priceCents = 320 + cents * zones + 45 * args.kilograms + createRng(`${state.salt}/rate/${args.from_postcode}/${args.to_postcode}`).int(0, 90);
    const quote_id = id('QR', `${args.from_postcode}/${args.to_postcode}/${args.kilograms}/${args.service}`, state.quotes);
    state.quotes[quote_id] = { from: args.from_postcode, to: args.to_postcode, kilograms: args.kilograms, service: args.service, priceCents, used: false };
    return { quote_id, price: fromCents(priceCents), delivered_by: workingDay(addDays(state.today, days)) };
  },
});

// ---- the sender and parcels ----

const logInSender = tool({
  name: 'log_in_sender',
  about: 'Log a registered sender in with sender number and PIN. Labels, pickups and the credit are closed before.',
  in: z.strictObject({ sender_number: ref('sender_number', "The sender's number, as SN-00000"), pin: ref('pin', "The sender's five-digit PIN") }),
  out: z.object({ credit: money("The sender's credit"), parcels_this_year: z.int().describe('Parcels sent this year before today') }),
  writes: ['session'],
  needs: [
    must('not_found', (state, args) => state.sender.number === args.sender_number, (args) => `There is no sender \`${args.sender_number}\`.`),
    must('precondition', (state, args) => state.sender.pin === args.pin, () => 'The PIN does not belong to this sender number.'),
  ],
  run: ({ state }) => {
    state.session.signedIn = true;
    return { credit: fromCents(state.sender.creditCents), parcels_this_year: createRng(`${state.salt}/year`).int(14, 96) };
  },
});

const listParcels = tool({
  name: 'list_parcels',
  about: "List the sender's parcels with their recipients and status.",
  in: z.strictObject({}),
  out: z.object({
    parcels: z.array(z.object({
      parcel_id: parcelId,
      tracking_number: trackingNumber,
      recipient: z.string().describe('Who gets the parcel'),
      destination: z.string().describe('Address it goes to'),
      status: z.enum(PARCEL_STATUSES).describe('Status of the parcel'),
    })).describe('The parcels, by recipient'),
  }),
  needs: [loggedIn],
  run: ({ state }) => ({
    parcels: sortedBy(rowsOf(state.parcels), ([id, one]) => `${one.recipient} ${id}`).map(([parcel_id, { tracking, recipient, to, status }]) => ({ parcel_id, tracking_number: tracking, recipient, destination: rowOf(state.places, to).address, status })),
  }),
});

const buyLabel = tool({
  name: 'buy_label',
  about: "Buy the label for a quoted parcel from the sender's credit. The parcel exists from then on and waits to be handed over.",
  in: z.strictObject({ quote_id: quoteId, recipient_name: ref('recipient_name', 'Full name of the recipient') }),
  out: z.object({ parcel_id: parcelId, tracking_number: trackingNumber, credit_left: creditLeft }),
  writes: ['quotes', 'parcels', 'sender'],
  needs: [
    loggedIn,
    exists('quote', (state) => state.quotes, (args) => args.quote_id),
    must('conflict', (state, args) => !rowOf(state.quotes, args.quote_id).used, (args) => `Quote \`${args.quote_id}\` has been used for a label.`),
    enoughCredit((args, state) => rowOf(state.quotes, args.quote_id).priceCents),
  ],
  run: ({ state, id }, args) => {
    const quote = rowOf(state.quotes, args.quote_id);
    const { from, to, service, priceCents } = quote;
    const parcel_id = id('PL', args.quote_id, state.parcels);
    const tracking = `TN-${hiddenCode(state.salt, `tracking/${parcel_id}`, 9)}`;
    const parcel: Parcel = { from, to, recipient: args.recipient_name, service, tracking, status: 'labelled', dueOn: workingDay(addDays(state.today, SERVICES[service].days)), paidCents: 0, declared: null, inquiry: null };
    state.parcels[parcel_id] = parcel;
    quote.used = true;
    charge(state, parcel, priceCents);
    return { parcel_id, tracking_number: tracking, credit_left: fromCents(state.sender.creditCents) };
  },
});

const insureParcel = tool({
  name: 'insure_parcel',
  about: 'Insure a parcel that has not been handed over for a declared value. It costs two percent, at least 1.50 euros.',
  in: z.strictObject({ parcel_id: parcelId, declared_value: z.int().min(50).max(500).describe('Value of what is inside, in whole euros') }),
  out: z.object({ premium: money('Price of the insurance'), certificate: z.string().describe('Number of the certificate') }),
  writes: ['parcels', 'sender'],
  needs: [
    loggedIn, parcelExists, parcelIs('labelled', 'pickup_booked'),
    must('conflict', (state, args) => rowOf(state.parcels, args.parcel_id).declared === null, (args) => `Parcel \`${args.parcel_id}\` is insured already.`),
    enoughCredit((args) => premiumOf(args.declared_value)),
  ],
  run: ({ state, id }, args) => {
    const parcel = rowOf(state.parcels, args.parcel_id);
    parcel.declared = args.declared_value;
    charge(state, parcel, premiumOf(args.declared_value));
    return { premium: fromCents(premiumOf(args.declared_value)), certificate: id('IC', args.parcel_id, {}) };
  },
});

const premiumOf = (declared: number): number => Math.max(150, declared * 2);

const cancelLabel = tool({
  name: 'cancel_label',
  about: 'Cancel the label of a parcel that has not been handed over. What was paid goes back to the credit.',
  in: z.strictObject({ parcel_id: parcelId }),
  out: z.object({ given_back: money('Amount given back'), credit_left: creditLeft }),
  writes: ['parcels', 'sender'],
  needs: [loggedIn, parcelExists, parcelIs('labelled')],
  run: ({ state }, args) => {
    const parcel = rowOf(state.parcels, args.parcel_id);
    const cents = parcel.paidCents;
    charge(state, parcel, -cents);
    parcel.status = 'cancelled';
    return { given_back: fromCents(cents), credit_left: fromCents(state.sender.creditCents) };
  },
});

// ---- handing over ----

const pickupWindows = tool({
  name: 'pickup_windows',
  about: `Show when a parcel can be collected on a day, within ${PICKUP_DAYS} days and not on a Sunday, and how many places each window has left.`,
  in: z.strictObject({ parcel_id: parcelId, date: day('Day of the pickup') }),
  out: z.object({
    windows: z.array(z.object({ window_id: windowId, starts_at: clock('Start of the window'), ends_at: clock('End of the window'), places_left: z.int().describe('Pickups that can still be booked') })).describe('The windows in order of time'),
  }),
  needs: [
    loggedIn, parcelExists, notPast((args) => args.date, PICKUP_DAYS),
    must('precondition', (_state, args) => weekdayOf(args.date) !== 'Sunday', (args) => `${args.date} is a Sunday; nothing is collected then.`),
  ],
  run: ({ state }, args) => ({
    windows: windowsOn(state, rowOf(state.parcels, args.parcel_id).from, args.date).map(({ id, start, capacity }) => ({ window_id: id, starts_at: timeOf(start), ends_at: timeOf(start + 120), places_left: Math.max(0, capacity - bookedIn(state, id)) })),
  }),
});

const bookPickup = tool({
  name: 'book_pickup',
  about: 'Book a window in which a parcel is collected where it leaves from.',
  in: z.strictObject({ parcel_id: parcelId, window_id: windowId }),
  out: z.object({ pickup_id: pickupId, collected_on: dayShown('Day of the pickup'), driver: z.string().describe('First name of the driver'), van_number: z.int().describe('Number on the van') }),
  writes: ['parcels', 'pickups'],
  needs: [
    loggedIn, parcelExists, parcelIs('labelled'),
    must('not_found', (state, args) => windowFor(state, args) !== undefined, (args) => `There is no pickup window \`${args.window_id}\` where parcel \`${args.parcel_id}\` leaves from.`),
    must('conflict', (state, args) => bookedIn(state, args.window_id) < (windowFor(state, args)?.capacity ?? 0), (args) => `Window \`${args.window_id}\` is full.`),
  ],
  run: ({ state, id }, args) => {
    const window = windowFor(state, args) as Window & { date: string };
    const pickup_id = id('PU', `${args.parcel_id}/${args.window_id}`, state.pickups);
    state.pickups[pickup_id] = { parcel: args.parcel_id, window: args.window_id, cancelled: false };
    rowOf(state.parcels, args.parcel_id).status = 'pickup_booked';
    const rng = createRng(`${state.salt}/driver/${args.window_id}`);
    return { pickup_id, collected_on: window.date, driver: rng.pick(['Malin', 'Jovan', 'Perdita', 'Ebbe', 'Rosheen', 'Tadeo']), van_number: rng.int(104, 988) };
  },
});

const windowFor = (state: ParcelsState, args: { parcel_id: string; window_id: string }): (Window & { date: string }) | undefined => windowAt(state, rowOf(state.parcels, args.parcel_id).from, args.window_id);

const cancelPickup = tool({
  name: 'cancel_pickup',
  about: 'Cancel a booked pickup. The parcel keeps its label and waits to be handed over.',
  in: z.strictObject({ pickup_id: pickupId }),
  out: z.object({ recipient: z.string().describe('Who the parcel is for'), hand_over_by: dayShown('Last day on which the label is valid') }),
  writes: ['parcels', 'pickups'],
  needs: [
    loggedIn,
    exists('pickup', (state) => state.pickups, (args) => args.pickup_id),
    must('conflict', (state, args) => !rowOf(state.pickups, args.pickup_id).cancelled, (args) => `Pickup \`${args.pickup_id}\` is cancelled already.`),
  ],
  run: ({ state }, args) => {
    const pickup = rowOf(state.pickups, args.pickup_id);
    const parcel = rowOf(state.parcels, pickup.parcel);
    pickup.cancelled = true;
    parcel.status = 'labelled';
    return { recipient: parcel.recipient, hand_over_by: addDays(state.today, 20) };
  },
});

const dropOffParcel = tool({
  name: 'drop_off_parcel',
  about: 'Hand a labelled parcel over at a parcel shop in the zone it leaves from.',
  in: z.strictObject({ parcel_id: parcelId, shop_id: shopId }),
  out: z.object({ receipt_number: z.string().describe('Number of the receipt'), leaves_at: clock('Time at which the parcel leaves the shop'), expected_on: dayShown('Day on which it is delivered') }),
  writes: ['parcels'],
  needs: [
    loggedIn, parcelExists,
    exists('parcel shop', (state) => state.shops, (args) => args.shop_id),
    parcelIs('labelled'),
    must('precondition', (state, args) => rowOf(state.shops, args.shop_id).zone === rowOf(state.places, rowOf(state.parcels, args.parcel_id).from).zone, (args) => `Shop \`${args.shop_id}\` is not in the zone the parcel leaves from.`),
  ],
  run: ({ state, id }, args) => {
    const parcel = rowOf(state.parcels, args.parcel_id);
    parcel.status = 'in_transit';
    return { receipt_number: id('DR', args.parcel_id, {}), leaves_at: createRng(`${state.salt}/van/${args.shop_id}`).pick(['18:20', '18:50', '19:35', '20:10', '21:25']), expected_on: parcel.dueOn };
  },
});

// ---- under way ----

const trackParcel = tool({
  name: 'track_parcel',
  about: 'Show where a parcel is and when it is expected.',
  in: z.strictObject({ tracking_number: trackingNumber }),
  out: z.object({ status: z.enum(PARCEL_STATUSES).describe('Status of the parcel'), last_seen: z.string().describe('Where the parcel was scanned last'), last_scan: clock('Time of the last scan'), expected_on: dayShown('Day on which it is or was expected') }),
  needs: [tracked],
  run: ({ state }, args) => {
    const { status, from, to, dueOn } = rowOf(state.parcels, parcelTracked(state, args) as string);
    const rng = createRng(`${state.salt}/scan/${args.tracking_number}/${status}`);
    const last_seen = status === 'delivered' ? rng.pick(['neighbour', 'front door', 'letter room', 'garden shed']) : rowOf(state.places, status === 'in_transit' && rng.float() < 0.5 ? to : from).depot;
    return { status, last_seen, last_scan: timeOf(6 * 60 + rng.int(0, 840)), expected_on: dueOn };
  },
});

const REDIRECT_CENTS = 390;

const redirectParcel = tool({
  name: 'redirect_parcel',
  about: 'Send a parcel that is under way to another postcode. It costs 3.90 euros and a day or two.',
  in: z.strictObject({ parcel_id: parcelId, new_postcode: postcode('Postcode the parcel is to go to') }),
  out: z.object({ expected_on: dayShown('Day on which it is expected now'), new_depot: z.string().describe('Depot that delivers it now'), credit_left: creditLeft }),
  writes: ['parcels', 'sender'],
  needs: [
    loggedIn, parcelExists, placeExists((args) => args.new_postcode), parcelIs('in_transit'),
    must('conflict', (state, args) => rowOf(state.parcels, args.parcel_id).to !== args.new_postcode, () => 'The parcel goes to this postcode already.'),
    enoughCredit(() => REDIRECT_CENTS),
  ],
  run: ({ state }, args) => {
    const parcel = rowOf(state.parcels, args.parcel_id);
    const { zone, depot } = rowOf(state.places, args.new_postcode);
    parcel.dueOn = workingDay(addDays(parcel.dueOn, zone === rowOf(state.places, parcel.to).zone ? 1 : 2));
    parcel.to = args.new_postcode;
    charge(state, parcel, REDIRECT_CENTS);
    return { expected_on: parcel.dueOn, new_depot: depot, credit_left: fromCents(state.sender.creditCents) };
  },
});

const openInquiry = tool({
  name: 'open_inquiry',
  about: 'Open an inquiry about a delivered parcel that did not arrive as it should. An insured parcel is covered up to its declared value, any other up to 50 euros.',
  in: z.strictObject({ tracking_number: trackingNumber, trouble: z.enum(['not_received', 'damaged', 'contents_missing']).describe('What went wrong') }),
  out: z.object({ inquiry_number: z.string().describe('Number of the inquiry'), covered_up_to: money('The most that is paid'), answer_by: dayShown('Day by which there is an answer') }),
  writes: ['parcels'],
  needs: [
    loggedIn, tracked,
    must('precondition', (state, args) => trackedRow(state, args).status === 'delivered', (args, state) => `The parcel is ${trackedRow(state, args).status.replace('_', ' ')}, not delivered.`),
    must('conflict', (state, args) => trackedRow(state, args).inquiry === null, () => 'There is an inquiry about this parcel already.'),
  ],
  run: ({ state, id }, args) => {
    const parcel = trackedRow(state, args);
    parcel.inquiry = id('IQ', args.tracking_number, {});
    return { inquiry_number: parcel.inquiry, covered_up_to: parcel.declared ?? 50, answer_by: addDays(state.today, args.trouble === 'not_received' ? 12 : 7) };
  },
});

const trackedRow = (state: ParcelsState, args: { tracking_number: string }): Parcel => rowOf(state.parcels, parcelTracked(state, args) as string);

/** The tools of the parcel service, as its help desk would be given them. */
export const parcelsTools: readonly DomainTool<ParcelsState>[] = [
  findPostcode, findBusiness, nearestParcelShop, quoteRate,
  logInSender, listParcels, buyLabel, insureParcel, cancelLabel,
  pickupWindows, bookPickup, cancelPickup, dropOffParcel,
  trackParcel, redirectParcel, openInquiry,
];
