import { z } from 'zod';
import { createRng } from '../../../core/random';
import { rowOf } from '../combinators';
import { day, exists, must, ref, toolsOn, type DomainTool, type Need } from '../domain';
import { daysBetween } from '../calendar';
import { TIMETABLE_DAYS, type Booking, type Quote, type RailState } from './state';
import { connectionAt, connectionOfId, connectionsOn, seatsFor, type Seat } from './timetable';

const tool = toolsOn<RailState>();

// ---- fields that several tools share ----

const stationCode = (description: string): z.ZodString => ref('station_code', description);
const connection = ref('connection_id', 'Identifier of one train on one day, as given by search_connections');
const quoteId = ref('quote_id', 'Identifier of a fare quote, as given by quote_fare');
const bookingRef = ref('booking_ref', "Reference of one of the signed-in member's bookings");
const voucherCode = ref('voucher_code', 'Code of a discount voucher');
const euros = (description: string): z.ZodNumber => z.number().min(0).describe(`${description}, in euros`);
const clock = (description: string): z.ZodString => z.string().describe(`${description}, local time as HH:MM`);
const travelClass = z.enum(['standard', 'first']);

const inEuros = (cents: number): number => cents / 100;

// ---- needs ----

const signedIn: Need<RailState, unknown> = must('precondition', (state) => state.session.signedIn, () => 'The member is not signed in. Sign in first.');

const quoteExists = exists<RailState, { quote_id: string }>('quote', (state) => state.quotes, (args) => args.quote_id);
const bookingExists = exists<RailState, { booking_ref: string }>('booking', (state) => state.bookings, (args) => args.booking_ref);
const connectionExists = must<RailState, { connection_id: string }>(
  'not_found',
  (state, args) => connectionOfId(state, args.connection_id) !== undefined,
  (args) => `There is no connection \`${args.connection_id}\`.`,
);

function stationExists<A>(read: (args: A) => string): Need<RailState, A> {
  return must('not_found', (state, args) => placeOf(state, read(args)) >= 0, (args) => `There is no station with the code \`${read(args)}\`.`);
}

/** The booking is in one of these statuses; a held one lacks a step, a cancelled one is a conflict. */
function inStatus(...allowed: Booking['status'][]): Need<RailState, { booking_ref: string }> {
  return (state, args) => {
    const { status } = bookingOf(state, args);
    if (allowed.includes(status)) return undefined;
    const message = `Booking \`${args.booking_ref}\` is ${status}; this needs a booking that is ${allowed.join(' or ')}.`;
    return { fault: status === 'held' ? 'precondition' : 'conflict', message };
  };
}

const notCheckedIn = must<RailState, { booking_ref: string }>(
  'conflict',
  (state, args) => !bookingOf(state, args).checkedIn,
  (args) => `Booking \`${args.booking_ref}\` is already checked in.`,
);

/** Asks the needs of a booking that the arguments only lead to. */
function ofBooking<A>(find: (state: RailState, args: A) => string, ...needs: Need<RailState, { booking_ref: string }>[]): Need<RailState, A>[] {
  return needs.map((need) => (state, args) => need(state, { booking_ref: find(state, args) }));
}

const notYetBooked = must<RailState, { quote_id: string }>(
  'conflict',
  (state, args) => !Object.values(state.bookings).some((booking) => booking.quote === args.quote_id),
  (args) => `Quote \`${args.quote_id}\` has already been booked.`,
);

// ---- reading the state ----

const placeOf = (state: RailState, code: string): number => state.places.findIndex((place) => place.stationCode === code);
// The needs above have asked for the entry, so a missing one is a bug in a tool's list of needs.
const bookingOf = (state: RailState, args: { booking_ref: string }): Booking => rowOf(state.bookings, args.booking_ref);
const quoteOf = (state: RailState, args: { quote_id: string }): Quote => rowOf(state.quotes, args.quote_id);
const trainOf = (state: RailState, args: { connection_id: string }) => connectionAt(state, connectionOfId(state, args.connection_id) as number);

function discounted(state: RailState, quote: Quote): number {
  const percentOff = quote.voucher === null ? 0 : (state.vouchers[quote.voucher]?.percentOff ?? 0);
  return Math.round((quote.priceCents * (100 - percentOff)) / 100);
}

// ---- stations and trains ----

const findStation = tool({
  name: 'find_station',
  about: 'Find the main railway station of a city and its station code. Trains, notices and lost property all go by station code, never by city name.',
  in: z.strictObject({ city: ref('city', 'Name of the city') }),
  out: z.object({
    station_code: stationCode('Code of the station'),
    station_name: z.string().describe('Name of the station'),
    step_free_access: z.boolean().describe('Whether all platforms can be reached without steps'),
  }),
  needs: [must('not_found', (state, args) => cityAt(state, args.city) >= 0, (args) => `No station is known in \`${args.city}\`.`)],
  run: ({ state }, args) => {
    const place = state.places[cityAt(state, args.city)] as RailState['places'][number];
    return { station_code: place.stationCode, station_name: place.stationName, step_free_access: createRng(`${state.salt}/lift/${place.stationCode}`).float() < 0.5 };
  },
});

const cityAt = (state: RailState, city: string): number => state.places.findIndex((place) => place.city.toLowerCase() === city.toLowerCase());
const landmarkAt = (state: RailState, landmark: string): number => state.places.findIndex((place) => place.landmark.toLowerCase() === landmark.toLowerCase());

const nearestStation = tool({
  name: 'nearest_station',
  about: 'Find the station nearest to a landmark such as a museum, park or theatre, with its station code and the walk from there.',
  in: z.strictObject({ landmark: ref('landmark', 'Name of the landmark') }),
  out: z.object({
    station_code: stationCode('Code of the station'),
    station_name: z.string().describe('Name of the station'),
    walk_minutes: z.int().describe('Walk from the station to the landmark, in minutes'),
  }),
  needs: [must('not_found', (state, args) => landmarkAt(state, args.landmark) >= 0, (args) => `No landmark is known as \`${args.landmark}\`.`)],
  run: ({ state }, args) => {
    const place = state.places[landmarkAt(state, args.landmark)] as RailState['places'][number];
    return { station_code: place.stationCode, station_name: place.stationName, walk_minutes: createRng(`${state.salt}/walk/${place.landmark}`).int(3, 24) };
  },
});

const disruptionNotice = tool({
  name: 'disruption_notice',
  about: 'Read the current service notice of a station: whether trains run as planned and which delay to expect.',
  in: z.strictObject({ station_code: stationCode('Code of the station') }),
  out: z.object({
    service: z.enum(['normal', 'minor_delays', 'major_delays']).describe('State of the service'),
    expected_delay_minutes: z.int().describe('Delay to expect, in minutes'),
    cause: z.string().describe('Cause of the delay, or `none`'),
  }),
  needs: [stationExists((args) => args.station_code)],
  run: ({ state }, args) => {
    const rng = createRng(`${state.salt}/notice/${args.station_code}`);
    const service = rng.pick(['normal', 'minor_delays', 'major_delays'] as const);
    if (service === 'normal') return { service, expected_delay_minutes: 0, cause: 'none' };
    const cause = rng.pick(['signal repairs', 'leaves on the line', 'a late incoming train', 'bridge inspection']);
    return { service, expected_delay_minutes: service === 'minor_delays' ? rng.int(6, 14) : rng.int(21, 55), cause };
  },
});

const searchConnections = tool({
  name: 'search_connections',
  about: `List the trains from one station to another on one day, in order of departure. Trains can be searched for ${TIMETABLE_DAYS} days from today.`,
  in: z.strictObject({
    from_station: stationCode('Code of the station to leave from'),
    to_station: stationCode('Code of the station to go to'),
    date: day('Day of travel, as YYYY-MM-DD'),
  }),
  out: z.object({
    connections: z.array(z.object({
      connection_id: connection,
      train: z.string().describe('Name and number of the train'),
      departs: clock('Departure'),
      arrives: clock('Arrival'),
      changes: z.int().describe('How often to change trains'),
    })).describe('The trains of the day'),
  }),
  needs: [
    stationExists((args) => args.from_station),
    stationExists((args) => args.to_station),
    must('precondition', (_state, args) => args.from_station !== args.to_station, () => 'The trip starts and ends at the same station.'),
    must(
      'not_found',
      (state, args) => daysBetween(state.today, args.date) >= 0 && daysBetween(state.today, args.date) < TIMETABLE_DAYS,
      (args, state) => `There is no timetable for ${args.date}: it covers ${TIMETABLE_DAYS} days from ${state.today}.`,
    ),
  ],
  run: ({ state }, args) => {
    const trains = connectionsOn(state, placeOf(state, args.from_station), placeOf(state, args.to_station), daysBetween(state.today, args.date));
    return { connections: trains.map(({ id, train, departs, arrives, changes }) => ({ connection_id: id, train, departs, arrives, changes })) };
  },
});

const connectionDetails = tool({
  name: 'connection_details',
  about: 'Show the details of one train: platform, travel time and what is on board.',
  in: z.strictObject({ connection_id: connection }),
  out: z.object({
    platform: z.int().describe('Platform of departure'),
    travel_minutes: z.int().describe('Travel time, in minutes'),
    wifi: z.boolean().describe('Whether there is Wi-Fi on board'),
    bicycle_spaces: z.int().describe('Free spaces for bicycles'),
  }),
  needs: [connectionExists],
  run: ({ state }, args) => {
    const train = trainOf(state, args);
    return { platform: train.platform, travel_minutes: train.minutes, wifi: train.wifi, bicycle_spaces: train.bicycleSpaces };
  },
});

// ---- fares and vouchers ----

const quoteFare = tool({
  name: 'quote_fare',
  about: 'Get a binding fare quote for one train. A trip is booked from its quote; no sign-in is needed to ask for one.',
  in: z.strictObject({
    connection_id: connection,
    travel_class: travelClass.default('standard').describe('Class to travel in'),
    passengers: z.int().min(1).max(4).default(1).describe('Number of passengers'),
  }),
  out: z.object({
    quote_id: quoteId,
    total_price: euros('Price for all passengers'),
    price_per_passenger: euros('Price for one passenger'),
  }),
  writes: ['quotes'],
  needs: [connectionExists],
  run: ({ state, id }, args) => {
    const train = trainOf(state, args);
    const each = args.travel_class === 'first' ? Math.round(train.baseCents * 1.6) : train.baseCents;
    const quote_id = id('Q', `${train.index}/${args.travel_class}/${args.passengers}`, state.quotes);
    state.quotes[quote_id] = { connection: train.index, travelClass: args.travel_class, passengers: args.passengers, priceCents: each * args.passengers, voucher: null };
    return { quote_id, total_price: inEuros(each * args.passengers), price_per_passenger: inEuros(each) };
  },
});

const applyVoucher = tool({
  name: 'apply_voucher',
  about: 'Apply a discount voucher to a fare quote before it is booked. A voucher can be used once, a quote takes one voucher.',
  in: z.strictObject({ quote_id: quoteId, voucher_code: voucherCode }),
  out: z.object({
    discount: euros('Amount taken off'),
    total_price: euros('Price after the discount'),
  }),
  writes: ['quotes', 'vouchers'],
  needs: [
    quoteExists,
    exists('voucher', (state) => state.vouchers, (args) => args.voucher_code),
    notYetBooked,
    must('conflict', (state, args) => quoteOf(state, args).voucher === null, (args) => `Quote \`${args.quote_id}\` already has a voucher.`),
    must('conflict', (state, args) => state.vouchers[args.voucher_code]?.usedOn === null, (args) => `Voucher \`${args.voucher_code}\` has been used.`),
  ],
  run: ({ state }, args) => {
    const quote = quoteOf(state, args);
    quote.voucher = args.voucher_code;
    rowOf(state.vouchers, args.voucher_code).usedOn = args.quote_id;
    const total = discounted(state, quote);
    return { discount: inEuros(quote.priceCents - total), total_price: inEuros(total) };
  },
});

// ---- the member's account ----

const signIn = tool({
  name: 'sign_in',
  about: 'Sign a member in with member number and PIN. Bookings, seats, payments, refunds and points are only open to a signed-in member.',
  in: z.strictObject({
    member_number: ref('member_number', "The member's number, as VR-000000"),
    pin: ref('pin', "The member's four-digit PIN"),
  }),
  out: z.object({
    member_name: z.string().describe('Name of the member'),
    signed_in: z.boolean().describe('True when the member is now signed in'),
  }),
  writes: ['session'],
  needs: [
    must('not_found', (state, args) => state.member.number === args.member_number, (args) => `There is no member \`${args.member_number}\`.`),
    must('precondition', (state, args) => state.member.pin === args.pin, () => 'The PIN does not belong to this member number.'),
  ],
  run: ({ state }) => {
    state.session.signedIn = true;
    return { member_name: state.member.name, signed_in: true };
  },
});

const TIERS = [{ name: 'bronze', from: 0 }, { name: 'silver', from: 2500 }, { name: 'gold', from: 5000 }, { name: 'platinum', from: 10_000 }] as const;

const pointsBalance = tool({
  name: 'points_balance',
  about: "Show the signed-in member's loyalty points and tier.",
  in: z.strictObject({}),
  out: z.object({
    points: z.int().describe('Points on the account'),
    tier: z.enum(['bronze', 'silver', 'gold', 'platinum']).describe('Loyalty tier'),
    points_to_next_tier: z.int().describe('Points still missing to the next tier, 0 at the highest'),
  }),
  needs: [signedIn],
  run: ({ state }) => {
    const { points } = state.account;
    const tier = TIERS.findLast((step) => points >= step.from) ?? TIERS[0];
    const next = TIERS.find((step) => points < step.from);
    return { points, tier: tier.name, points_to_next_tier: next ? next.from - points : 0 };
  },
});

const REWARDS = { five_percent: { points: 400, percentOff: 5 }, ten_percent: { points: 800, percentOff: 10 } } as const;

const redeemPoints = tool({
  name: 'redeem_points',
  about: 'Turn loyalty points of the signed-in member into a new discount voucher: 400 points for five percent, 800 for ten.',
  in: z.strictObject({ reward: z.enum(['five_percent', 'ten_percent']).describe('Voucher to get') }),
  out: z.object({
    voucher_code: voucherCode,
    percent_off: z.int().describe('Discount of the voucher, in percent'),
    points_left: z.int().describe('Points left on the account'),
  }),
  writes: ['account', 'vouchers'],
  needs: [
    signedIn,
    must('precondition', (state, args) => state.account.points >= REWARDS[args.reward].points, (args, state) => `This takes ${REWARDS[args.reward].points} points, the account has ${state.account.points}.`),
  ],
  run: ({ state, id }, args) => {
    const { points, percentOff } = REWARDS[args.reward];
    const voucher_code = id('V', args.reward, state.vouchers);
    state.account.points -= points;
    state.vouchers[voucher_code] = { percentOff, usedOn: null };
    return { voucher_code, percent_off: percentOff, points_left: state.account.points };
  },
});

// ---- bookings ----

const bookingStatus = z.enum(['held', 'confirmed', 'cancelled']);

const bookTrip = tool({
  name: 'book_trip',
  about: 'Book a quoted trip for the signed-in member. The booking is held until it is paid.',
  in: z.strictObject({
    quote_id: quoteId,
    passenger_name: ref('passenger_name', 'Full name of the leading passenger'),
  }),
  out: z.object({
    booking_ref: bookingRef,
    status: bookingStatus.describe('Status of the booking'),
    amount_due: euros('Amount to pay'),
  }),
  writes: ['bookings'],
  needs: [signedIn, quoteExists, notYetBooked],
  run: ({ state, id }, args) => {
    const quote = quoteOf(state, args);
    const booking_ref = id('B', args.quote_id, state.bookings);
    const totalCents = discounted(state, quote);
    state.bookings[booking_ref] = {
      connection: quote.connection,
      quote: args.quote_id,
      passengerName: args.passenger_name,
      travelClass: quote.travelClass,
      passengers: quote.passengers,
      status: 'held',
      totalCents,
      paidCents: 0,
      seat: null,
      checkedIn: false,
      luggage: {},
    };
    return { booking_ref, status: 'held' as const, amount_due: inEuros(totalCents) };
  },
});

const listBookings = tool({
  name: 'list_bookings',
  about: 'List all bookings of the signed-in member, with route, day, price and status.',
  in: z.strictObject({}),
  out: z.object({
    bookings: z.array(z.object({
      booking_ref: bookingRef,
      from_city: ref('city', 'City of departure'),
      to_city: ref('city', 'City of arrival'),
      travel_date: day('Day of travel, as YYYY-MM-DD'),
      departs: clock('Departure'),
      status: bookingStatus.describe('Status of the booking'),
      total_price: euros('Price of the booking with all extras'),
    })).describe('The bookings, soonest trip first'),
  }),
  needs: [signedIn],
  run: ({ state }) => ({
    bookings: Object.entries(state.bookings)
      .map(([booking_ref, booking]) => ({ booking_ref, booking, train: connectionAt(state, booking.connection) }))
      .sort((a, b) => compareText(`${a.train.date} ${a.train.departs} ${a.booking_ref}`, `${b.train.date} ${b.train.departs} ${b.booking_ref}`))
      .map(({ booking_ref, booking, train }) => ({
        booking_ref,
        from_city: train.from.city,
        to_city: train.to.city,
        travel_date: train.date,
        departs: train.departs,
        status: booking.status,
        total_price: inEuros(booking.totalCents),
      })),
  }),
});

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const seatId = ref('seat_id', 'Identifier of a seat on offer for one booking, as given by seat_map');
const reservationId = ref('reservation_id', 'Identifier of a seat reservation, as given by choose_seat');

const seatMap = tool({
  name: 'seat_map',
  about: "Show the seats on offer for one of the signed-in member's bookings, with their places in the coach.",
  in: z.strictObject({ booking_ref: bookingRef }),
  out: z.object({
    seats: z.array(z.object({
      seat_id: seatId,
      place: z.string().describe('Where the seat is in the coach'),
      available: z.boolean().describe('Whether the seat can still be chosen'),
    })).describe('The seats'),
  }),
  needs: [signedIn, bookingExists, inStatus('held', 'confirmed')],
  run: ({ state }, args) => ({
    seats: seatsFor(state, args.booking_ref).map(({ id, place, free }) => ({ seat_id: id, place, available: free })),
  }),
});

/** The seat with this id and the booking it is offered for. */
function offerOf(state: RailState, seat: string): { booking_ref: string; seat: Seat } | undefined {
  for (const booking_ref of Object.keys(state.bookings)) {
    const found = seatsFor(state, booking_ref).find((one) => one.id === seat);
    if (found) return { booking_ref, seat: found };
  }
  return undefined;
}

const chooseSeat = tool({
  name: 'choose_seat',
  about: 'Reserve one of the seats on offer for a booking of the signed-in member, in place of a seat reserved before.',
  in: z.strictObject({ seat_id: seatId }),
  out: z.object({
    reservation_id: reservationId,
    coach: z.string().describe('Coach of the reserved seat'),
    seat_number: z.string().describe('Number of the reserved seat in its coach'),
  }),
  writes: ['bookings'],
  needs: [
    signedIn,
    must('not_found', (state, args) => offerOf(state, args.seat_id) !== undefined, (args) => `There is no seat \`${args.seat_id}\` on offer.`),
    ...ofBooking<{ seat_id: string }>((state, args) => offerOf(state, args.seat_id)?.booking_ref ?? '', inStatus('held', 'confirmed'), notCheckedIn),
    must('conflict', (state, args) => offerOf(state, args.seat_id)?.seat.free === true, (args) => `Seat \`${args.seat_id}\` is taken.`),
  ],
  run: ({ state, id }, args) => {
    const { booking_ref, seat } = offerOf(state, args.seat_id) as { booking_ref: string; seat: Seat };
    const reservation_id = id('P', args.seat_id, {});
    bookingOf(state, { booking_ref }).seat = { reservation: reservation_id, place: seat.place };
    return { reservation_id, coach: seat.coach, seat_number: seat.number };
  },
});

const LUGGAGE_CENTS = { suitcase: 650, bicycle: 1150, skis: 890 } as const;

const addLuggage = tool({
  name: 'add_luggage',
  about: "Add luggage to one of the signed-in member's bookings. A held booking pays for it later, a confirmed one at once.",
  in: z.strictObject({
    booking_ref: bookingRef,
    kind: z.enum(['suitcase', 'bicycle', 'skis']).describe('Kind of luggage'),
    pieces: z.int().min(1).max(3).default(1).describe('Number of pieces'),
  }),
  out: z.object({
    luggage_tag: ref('luggage_tag', 'Tag to put on the luggage'),
    luggage_price: euros('Price of this luggage'),
    booking_total: euros('Price of the booking with all extras'),
  }),
  writes: ['bookings'],
  needs: [signedIn, bookingExists, inStatus('held', 'confirmed'), notCheckedIn],
  run: ({ state, id }, args) => {
    const booking = bookingOf(state, args);
    const priceCents = LUGGAGE_CENTS[args.kind] * args.pieces;
    const luggage_tag = id('L', `${args.booking_ref}/${args.kind}/${args.pieces}`, booking.luggage);
    booking.luggage[luggage_tag] = { kind: args.kind, pieces: args.pieces, priceCents };
    booking.totalCents += priceCents;
    if (booking.status === 'confirmed') booking.paidCents += priceCents;
    return { luggage_tag, luggage_price: inEuros(priceCents), booking_total: inEuros(booking.totalCents) };
  },
});

const payBooking = tool({
  name: 'pay_booking',
  about: "Pay for one of the signed-in member's held bookings, which confirms it and earns loyalty points.",
  in: z.strictObject({
    booking_ref: bookingRef,
    method: z.enum(['card', 'travel_account']).describe('How to pay'),
  }),
  out: z.object({
    status: bookingStatus.describe('Status of the booking'),
    amount_charged: euros('Amount charged'),
    points_earned: z.int().describe('Loyalty points earned'),
  }),
  writes: ['bookings', 'account'],
  needs: [
    signedIn,
    bookingExists,
    must('conflict', (state, args) => bookingOf(state, args).status === 'held', (args, state) => `Booking \`${args.booking_ref}\` is ${bookingOf(state, args).status}, so there is nothing to pay.`),
  ],
  run: ({ state }, args) => {
    const booking = bookingOf(state, args);
    booking.status = 'confirmed';
    booking.paidCents = booking.totalCents;
    const points_earned = Math.floor(booking.totalCents / 50);
    state.account.points += points_earned;
    return { status: booking.status, amount_charged: inEuros(booking.totalCents), points_earned };
  },
});

const bookingOfReservation = (state: RailState, args: { reservation_id: string }): string =>
  Object.keys(state.bookings).find((booking_ref) => state.bookings[booking_ref]?.seat?.reservation === args.reservation_id) ?? '';

const checkIn = tool({
  name: 'check_in',
  about: "Check in for one of the signed-in member's confirmed trips, by its seat reservation. Afterwards the booking can be neither changed nor cancelled.",
  in: z.strictObject({ reservation_id: reservationId }),
  out: z.object({
    boarding_code: z.string().describe('Code to show at the barrier'),
    platform: z.int().describe('Platform of departure'),
    boarding_closes: clock('Time at which boarding closes'),
  }),
  writes: ['bookings'],
  needs: [
    signedIn,
    must('not_found', (state, args) => bookingOfReservation(state, args) !== '', (args) => `There is no seat reservation \`${args.reservation_id}\`.`),
    ...ofBooking(bookingOfReservation, inStatus('confirmed'), notCheckedIn),
  ],
  run: ({ state, id }, args) => {
    const booking = bookingOf(state, { booking_ref: bookingOfReservation(state, args) });
    booking.checkedIn = true;
    const train = connectionAt(state, booking.connection);
    return { boarding_code: id('G', args.reservation_id, {}), platform: train.platform, boarding_closes: train.departs };
  },
});

const cancelJourney = tool({
  name: 'cancel_journey',
  about: "Cancel one of the signed-in member's bookings. What can be paid back is shown; the refund itself is requested separately.",
  in: z.strictObject({
    booking_ref: bookingRef,
    reason: z.enum(['plans_changed', 'illness', 'booked_by_mistake', 'found_other_transport']).describe('Why the trip is cancelled'),
  }),
  out: z.object({
    cancellation_id: ref('cancellation_id', 'Identifier of the cancellation'),
    refundable_amount: euros('Amount that can be refunded'),
  }),
  writes: ['bookings', 'cancellations'],
  needs: [
    signedIn,
    bookingExists,
    must('conflict', (state, args) => bookingOf(state, args).status !== 'cancelled', (args) => `Booking \`${args.booking_ref}\` is already cancelled.`),
    must('precondition', (state, args) => !bookingOf(state, args).checkedIn, (args) => `Booking \`${args.booking_ref}\` is checked in and cannot be cancelled any more.`),
  ],
  run: ({ state, id }, args) => {
    const booking = bookingOf(state, args);
    const keptCents = args.reason === 'illness' || booking.travelClass === 'first' ? 0 : Math.round(booking.paidCents * 0.2);
    const refundCents = booking.paidCents - keptCents;
    const cancellation_id = id('X', args.booking_ref, state.cancellations);
    booking.status = 'cancelled';
    state.cancellations[cancellation_id] = { booking: args.booking_ref, refundCents, refunded: false };
    return { cancellation_id, refundable_amount: inEuros(refundCents) };
  },
});

const cancellationOf = (state: RailState, args: { cancellation_id: string }) => rowOf(state.cancellations, args.cancellation_id);

const requestRefund = tool({
  name: 'request_refund',
  about: 'Request the refund of a cancelled booking that had been paid.',
  in: z.strictObject({
    cancellation_id: ref('cancellation_id', 'Identifier of the cancellation, as given by cancel_journey'),
    payout: z.enum(['original_payment', 'travel_account']).describe('Where the money goes'),
  }),
  out: z.object({
    refund_amount: euros('Amount refunded'),
    working_days: z.int().describe('Working days until the money arrives'),
  }),
  writes: ['cancellations'],
  needs: [
    signedIn,
    exists('cancellation', (state) => state.cancellations, (args) => args.cancellation_id),
    must('precondition', (state, args) => cancellationOf(state, args).refundCents > 0, () => 'Nothing had been paid for this booking, so there is nothing to refund.'),
    must('conflict', (state, args) => !cancellationOf(state, args).refunded, (args) => `The refund for \`${args.cancellation_id}\` has already been requested.`),
  ],
  run: ({ state }, args) => {
    const cancellation = cancellationOf(state, args);
    cancellation.refunded = true;
    return { refund_amount: inEuros(cancellation.refundCents), working_days: args.payout === 'travel_account' ? 1 : 5 };
  },
});

// ---- lost property ----

const reportLostItem = tool({
  name: 'report_lost_item',
  about: 'Report an item lost at a station to its lost-property office.',
  in: z.strictObject({
    station_code: stationCode('Code of the station where it was lost'),
    item: ref('lost_item', 'What was lost, in a few words'),
  }),
  out: z.object({
    report_id: ref('report_id', 'Identifier of the report'),
    office_opens: clock('Time at which the office opens'),
  }),
  writes: ['lostItems'],
  needs: [stationExists((args) => args.station_code)],
  run: ({ state, id }, args) => {
    const report_id = id('R', `${args.station_code}/${args.item}`, state.lostItems);
    state.lostItems[report_id] = { station: args.station_code, item: args.item };
    return { report_id, office_opens: createRng(`${state.salt}/office/${args.station_code}`).pick(['06:30', '07:00', '07:45', '08:15', '09:00']) };
  },
});

const lostItemStatus = tool({
  name: 'lost_item_status',
  about: 'Show how far the search for a reported lost item has come.',
  in: z.strictObject({ report_id: ref('report_id', 'Identifier of the report, as given by report_lost_item') }),
  out: z.object({
    found: z.boolean().describe('Whether the item has been found'),
    shelf: z.string().describe('Shelf where it waits for its owner, or `none`'),
    kept_for_days: z.int().describe('Days for which found items are kept'),
  }),
  needs: [exists('report', (state) => state.lostItems, (args) => args.report_id)],
  run: ({ state }, args) => {
    const rng = createRng(`${state.salt}/found/${args.report_id}`);
    const found = rng.float() < 0.7;
    return { found, shelf: found ? `${rng.pick(['Blue', 'Green', 'Red', 'Yellow'])} ${rng.int(11, 98)}` : 'none', kept_for_days: rng.pick([30, 45, 60, 90]) };
  },
});

/** The tools of the rail world, as a rail company's assistant would be given them. */
export const railTools: readonly DomainTool<RailState>[] = [
  signIn,
  findStation,
  nearestStation,
  disruptionNotice,
  searchConnections,
  connectionDetails,
  quoteFare,
  applyVoucher,
  bookTrip,
  listBookings,
  seatMap,
  chooseSeat,
  addLuggage,
  payBooking,
  checkIn,
  cancelJourney,
  requestRefund,
  pointsBalance,
  redeemPoints,
  reportLostItem,
  lostItemStatus,
];

