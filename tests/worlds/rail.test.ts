import type { JsonObject } from '../../src/core/json';
import type { CallResult } from '../../src/core/tool';
import type { DomainInstance } from '../../src/worlds/builtin/domain';
import { createRailWorld } from '../../src/worlds/builtin/rail';
import { addDays, daysBetween } from '../../src/worlds/builtin/calendar';
import { connectionIndex, connectionKey, initRail, PLACES, type Booking, type RailState } from '../../src/worlds/builtin/rail/state';
import { connectionAt, connectionId, connectionOfId } from '../../src/worlds/builtin/rail/timetable';
import { RAIL_RULES } from '../fixtures/rail-rules';

const SEED = 3;
const world = createRailWorld();

/** A conversation with one instance: `ask` wants success and gives its value, `refused` wants a fault. */
async function talk(seed = SEED) {
  const instance = await world.open(seed);
  const say = Object.fromEntries(world.known(seed).map((fact) => [fact.name, fact.value as string]));
  const ask = async (tool: string, args: JsonObject = {}): Promise<JsonObject> => {
    const result = await instance.call({ tool, args });
    if (!result.ok) throw new Error(`${tool}: ${result.fault}: ${result.message}`);
    return result.value as JsonObject;
  };
  const refused = async (tool: string, args: JsonObject = {}): Promise<CallResult> => instance.call({ tool, args });
  const signIn = (): Promise<JsonObject> => ask('sign_in', { member_number: say.member_number as string, pin: say.pin as string });
  return { instance, say, ask, refused, signIn };
}

const rows = (value: JsonObject, list: string): JsonObject[] => value[list] as JsonObject[];

async function quoted(seed = SEED) {
  const chat = await talk(seed);
  const from = await chat.ask('find_station', { city: chat.say.home_city as string });
  const to = await chat.ask('find_station', { city: chat.say.holiday_city as string });
  const found = await chat.ask('search_connections', { from_station: from.station_code as string, to_station: to.station_code as string, date: chat.say.travel_date as string });
  const train = rows(found, 'connections')[1] as JsonObject;
  const quote = await chat.ask('quote_fare', { connection_id: train.connection_id as string, passengers: 2 });
  return { ...chat, from, to, found, train, quote };
}

async function booked(seed = SEED) {
  const chat = await quoted(seed);
  await chat.signIn();
  const booking = await chat.ask('book_trip', { quote_id: chat.quote.quote_id as string, passenger_name: chat.say.own_name as string });
  return { ...chat, booking, booking_ref: booking.booking_ref as string };
}

describe('the whole way of a trip', () => {
  test('two look-ups, a search, a quote, a booking, a seat, a payment, a cancellation and a refund fit together', async () => {
    const { ask, found, train, quote, booking, booking_ref, from, to } = await booked();
    expect(from.station_code).not.toBe(to.station_code);
    const departures = rows(found, 'connections').map((one) => one.departs as string);
    expect(departures).toEqual([...new Set(departures)].sort());

    const total = quote.total_price as number;
    expect(total).toBeCloseTo(2 * (quote.price_per_passenger as number), 2);
    expect(booking).toEqual({ booking_ref, status: 'held', amount_due: total });

    const seats = rows(await ask('seat_map', { booking_ref }), 'seats');
    expect(new Set(seats.map((seat) => seat.place)).size).toBe(seats.length);
    const seat = seats.find((one) => one.available === true) as JsonObject;
    const reserved = await ask('choose_seat', { seat_id: seat.seat_id as string });
    expect(Object.keys(reserved)).toEqual(['reservation_id', 'coach', 'seat_number']);
    const seatAgain = rows(await ask('seat_map', { booking_ref }), 'seats').find((one) => one.seat_id === seat.seat_id);
    expect(seatAgain).toEqual({ ...seat, available: false });

    const points = (await ask('points_balance')).points as number;
    const paid = await ask('pay_booking', { booking_ref, method: 'card' });
    expect(paid).toEqual({ status: 'confirmed', amount_charged: total, points_earned: Math.floor(total * 2) });
    expect((await ask('points_balance')).points).toBe(points + Math.floor(total * 2));

    const cancelled = await ask('cancel_journey', { booking_ref, reason: 'plans_changed' });
    expect(cancelled.refundable_amount).toBeCloseTo(total * 0.8, 1);
    expect(await ask('request_refund', { cancellation_id: cancelled.cancellation_id as string, payout: 'travel_account' }))
      .toEqual({ refund_amount: cancelled.refundable_amount, working_days: 1 });

    const mine = rows(await ask('list_bookings'), 'bookings').find((one) => one.booking_ref === booking_ref);
    expect(mine).toMatchObject({ status: 'cancelled', departs: train.departs, total_price: total });
  });

  test('a landmark leads to the code of its own station, by which trains can be searched', async () => {
    const { ask, say } = await talk();
    const codes = await Promise.all([
      ask('nearest_station', { landmark: say.event_landmark as string }),
      ask('nearest_station', { landmark: say.friend_landmark as string }),
      ask('find_station', { city: say.home_city as string }),
    ]);
    expect(new Set(codes.map((one) => one.station_code)).size).toBe(3);
    const found = await ask('search_connections', { from_station: codes[0]?.station_code as string, to_station: codes[2]?.station_code as string, date: say.return_date as string });
    expect(rows(found, 'connections')).toHaveLength(4);
  });

  test('a voucher takes its share off the quote and off the booking', async () => {
    const { ask, say, quote, signIn, refused } = await quoted();
    const off = await ask('apply_voucher', { quote_id: quote.quote_id as string, voucher_code: say.voucher_code as string });
    expect((off.discount as number) + (off.total_price as number)).toBeCloseTo(quote.total_price as number, 2);
    await signIn();
    const args = { quote_id: quote.quote_id as string, passenger_name: say.companion_name as string };
    expect((await ask('book_trip', args)).amount_due).toBe(off.total_price);
    expect(await refused('book_trip', args)).toMatchObject({ ok: false, fault: 'conflict' });
  });

  test('points become a voucher that a quote takes', async () => {
    const { ask, quote, signIn } = await quoted();
    await signIn();
    const before = (await ask('points_balance')).points as number;
    const voucher = await ask('redeem_points', { reward: 'five_percent' });
    expect(voucher.points_left).toBe(before - 400);
    const off = await ask('apply_voucher', { quote_id: quote.quote_id as string, voucher_code: voucher.voucher_code as string });
    expect(off.discount as number).toBeCloseTo((quote.total_price as number) * 0.05, 1);
  });

  test('a lost item is reported at a station and asked after by its report', async () => {
    const { ask, refused, say, from } = await quoted();
    const report = await ask('report_lost_item', { station_code: from.station_code as string, item: say.lost_item as string });
    expect(Object.keys(await ask('lost_item_status', { report_id: report.report_id as string }))).toEqual(['found', 'shelf', 'kept_for_days']);
    expect(await refused('lost_item_status', { report_id: 'R-NONE22' })).toMatchObject({ ok: false, fault: 'not_found' });
  });
});

describe('what stands in the way', () => {
  test('bookings, seats, money and points are closed until the member signs in', async () => {
    const { refused, quote, say } = await quoted();
    const closed: [string, JsonObject][] = [
      ['book_trip', { quote_id: quote.quote_id as string, passenger_name: say.own_name as string }],
      ['list_bookings', {}],
      ['points_balance', {}],
      ['redeem_points', { reward: 'ten_percent' }],
      ['seat_map', { booking_ref: 'B-222222' }],
      ['pay_booking', { booking_ref: 'B-222222', method: 'card' }],
      ['request_refund', { cancellation_id: 'X-222222', payout: 'travel_account' }],
    ];
    for (const [tool, args] of closed) expect([tool, await refused(tool, args)]).toEqual([tool, { ok: false, fault: 'precondition', message: expect.stringContaining('Sign in') }]);
  });

  test('a wrong PIN does not sign in', async () => {
    const { refused, say } = await talk();
    expect(await refused('sign_in', { member_number: say.member_number as string, pin: '0000' })).toMatchObject({ fault: 'precondition' });
    expect(await refused('sign_in', { member_number: 'VR-1', pin: say.pin as string })).toMatchObject({ fault: 'not_found' });
    expect(await refused('list_bookings')).toMatchObject({ fault: 'precondition' });
  });

  test('a taken seat, a second payment and a second cancellation are conflicts', async () => {
    const { ask, refused, booking_ref } = await booked();
    const taken = rows(await ask('seat_map', { booking_ref }), 'seats').find((seat) => seat.available === false) as JsonObject;
    expect(await refused('choose_seat', { seat_id: taken.seat_id as string })).toMatchObject({ fault: 'conflict' });
    await ask('pay_booking', { booking_ref, method: 'travel_account' });
    expect(await refused('pay_booking', { booking_ref, method: 'card' })).toMatchObject({ fault: 'conflict' });
    await ask('cancel_journey', { booking_ref, reason: 'illness' });
    expect(await refused('cancel_journey', { booking_ref, reason: 'illness' })).toMatchObject({ fault: 'conflict' });
  });

  test('check-in waits for a seat and for payment, and closes the booking', async () => {
    const { ask, refused, booking_ref } = await booked();
    expect(await refused('check_in', { reservation_id: 'P-222222' })).toMatchObject({ fault: 'not_found' });
    const seat = rows(await ask('seat_map', { booking_ref }), 'seats').find((one) => one.available === true) as JsonObject;
    const { reservation_id } = await ask('choose_seat', { seat_id: seat.seat_id as string });
    expect(await refused('check_in', { reservation_id: reservation_id as string })).toMatchObject({ fault: 'precondition', message: expect.stringContaining('held') });
    await ask('pay_booking', { booking_ref, method: 'card' });
    const train = rows(await ask('list_bookings'), 'bookings').find((one) => one.booking_ref === booking_ref);
    expect((await ask('check_in', { reservation_id: reservation_id as string })).boarding_closes).toBe(train?.departs);
    expect(await refused('cancel_journey', { booking_ref, reason: 'illness' })).toMatchObject({ fault: 'precondition' });
    expect(await refused('add_luggage', { booking_ref, kind: 'skis' })).toMatchObject({ fault: 'conflict' });
  });

  test('a seat reserved anew takes the place of the one before', async () => {
    const { ask, refused, booking_ref } = await booked();
    const [first, second] = rows(await ask('seat_map', { booking_ref }), 'seats').filter((one) => one.available === true) as [JsonObject, JsonObject];
    const before = await ask('choose_seat', { seat_id: first.seat_id as string });
    await ask('choose_seat', { seat_id: second.seat_id as string });
    const free = rows(await ask('seat_map', { booking_ref }), 'seats').filter((one) => one.available === true).map((one) => one.seat_id);
    expect([free.includes(first.seat_id as string), free.includes(second.seat_id as string)]).toEqual([true, false]);
    expect(await refused('check_in', { reservation_id: before.reservation_id as string })).toMatchObject({ fault: 'not_found' });
  });

  test('a held booking that is cancelled has nothing to refund', async () => {
    const { ask, refused, booking_ref } = await booked();
    const { cancellation_id, refundable_amount } = await ask('cancel_journey', { booking_ref, reason: 'booked_by_mistake' });
    expect(refundable_amount).toBe(0);
    expect(await refused('request_refund', { cancellation_id: cancellation_id as string, payout: 'original_payment' })).toMatchObject({ fault: 'precondition' });
  });

  test('messages name the argument, what was expected and what came', async () => {
    const { refused } = await talk();
    expect(await refused('quote_fare', { connection_id: 'T-1', passengers: 9, colour: 'red' })).toEqual({
      ok: false,
      fault: 'invalid_args',
      message: 'Wrong arguments for `quote_fare`: `passengers`: Too big: expected number to be <=4, got 9; it takes no argument `colour`.',
    });
  });
});

describe('ids and hidden values', () => {
  test('calls that have nothing to do with each other give the same ids in either order', async () => {
    const one = await quoted();
    const other = await quoted();
    const report = (chat: typeof one): Promise<JsonObject> => chat.ask('report_lost_item', { station_code: chat.from.station_code as string, item: chat.say.lost_item as string });
    const again = (chat: typeof one): Promise<JsonObject> => chat.ask('quote_fare', { connection_id: chat.train.connection_id as string, travel_class: 'first' });
    const inOrder = [await report(one), await again(one)];
    const reversed = [await again(other), await report(other)].reverse();
    expect(inOrder).toEqual(reversed);
    expect(await one.instance.digest()).toBe(await other.instance.digest());
  });

  test('a connection id is read back to its train, and only ids of trains are', () => {
    const state = initRail(SEED);
    for (const index of [connectionIndex({ from: 0, to: 1, daysAhead: 0, slot: 0 }), connectionIndex({ from: 5, to: 4, daysAhead: 27, slot: 3 })]) {
      expect(connectionOfId(state, connectionId(state, index))).toBe(index);
    }
    expect(connectionOfId(state, connectionId(state, connectionIndex({ from: 2, to: 2, daysAhead: 3, slot: 1 })))).toBeUndefined();
    const guesses = Array.from({ length: 2000 }, (_, at) => `T-${(at * 811).toString(36).toUpperCase().padStart(4, '0')}`);
    expect(guesses.filter((id) => connectionOfId(state, id) !== undefined).length).toBeLessThan(40);
  });

  test('every train leaves and arrives on its day', () => {
    for (let seed = 0; seed < 20; seed++) {
      const state = initRail(seed);
      for (let index = 0; index < PLACES * PLACES * 28 * 4; index += 101) {
        const train = connectionAt(state, index);
        expect(train.departs < train.arrives && train.arrives < '24:00').toBe(true);
        expect(daysBetween(state.today, train.date)).toBe(connectionKey(index).daysAhead);
      }
    }
  });

  test('dates pass over the ends of months and years', () => {
    expect(addDays('2031-12-30', 3)).toBe('2032-01-02');
    expect(daysBetween('2032-02-28', '2032-03-01')).toBe(2);
  });
});

describe('the rules that random walks are held to', () => {
  /** A state far from the beginning: a paid booking with a seat, luggage and a voucher on its quote, one that is cancelled and refunded, a lost item. */
  async function lived(): Promise<RailState> {
    const { instance, ask, say, quote, from, found } = await quoted();
    await ask('apply_voucher', { quote_id: quote.quote_id as string, voucher_code: say.voucher_code as string });
    await ask('sign_in', { member_number: say.member_number as string, pin: say.pin as string });
    const { booking_ref } = await ask('book_trip', { quote_id: quote.quote_id as string, passenger_name: say.own_name as string }) as { booking_ref: string };
    await ask('add_luggage', { booking_ref, kind: 'skis', pieces: 2 });
    await ask('pay_booking', { booking_ref, method: 'card' });
    const seat = rows(await ask('seat_map', { booking_ref }), 'seats').find((one) => one.available === true) as JsonObject;
    const { reservation_id } = await ask('choose_seat', { seat_id: seat.seat_id as string });
    await ask('check_in', { reservation_id: reservation_id as string });
    const other = await ask('quote_fare', { connection_id: rows(found, 'connections')[2]?.connection_id as string });
    const dropped = await ask('book_trip', { quote_id: other.quote_id as string, passenger_name: say.own_name as string }) as { booking_ref: string };
    await ask('pay_booking', { booking_ref: dropped.booking_ref, method: 'card' });
    const { cancellation_id } = await ask('cancel_journey', { booking_ref: dropped.booking_ref, reason: 'illness' });
    await ask('request_refund', { cancellation_id: cancellation_id as string, payout: 'travel_account' });
    await ask('report_lost_item', { station_code: from.station_code as string, item: say.lost_item as string });
    return structuredClone((instance as DomainInstance).state() as RailState);
  }

  const opening = initRail(SEED);
  const brokenBy = (state: RailState): string[] => Object.keys(RAIL_RULES).filter((sentence) => RAIL_RULES[sentence]?.(state, opening) === false);
  const first = <T>(table: { [id: string]: T }, is: (row: T) => boolean = () => true): T => Object.values(table).find(is) as T;
  const isCheckedIn = (booking: Booking): boolean => booking.checkedIn;

  test('hold in a state where everything has happened', async () => {
    expect(brokenBy(await lived())).toEqual([]);
  });

  const breaches: [string, (state: RailState) => void][] = [
    ['quotes and bookings are for trains of the timetable', ({ quotes }) => void (first(quotes, ({ voucher }) => voucher === null).connection = connectionIndex({ from: 2, to: 2, daysAhead: 3, slot: 1 }))],
    ['a quote is booked once, for its train, class and passengers', ({ bookings }) => void (first(bookings, isCheckedIn).passengers = 4)],
    ['a booking costs its discounted fare and its luggage', ({ bookings }) => void (first(bookings, ({ status }) => status === 'held').totalCents += 1)],
    ['luggage costs its price times its pieces', ({ bookings }) => void (first(first(bookings, isCheckedIn).luggage).pieces = 3)],
    ['nothing is paid of a held booking, all of a confirmed one, either of a cancelled one', ({ bookings }) => void (first(bookings, isCheckedIn).paidCents -= 1)],
    ['a seat of a train is one booking\'s, and was on offer', ({ bookings }) => void ((first(bookings, isCheckedIn).seat as { place: string }).place = 'on the roof')],
    ['who is checked in has paid and has a seat', ({ bookings }) => void (first(bookings, isCheckedIn).seat = null)],
    ['a cancelled booking has one cancellation, any other none', (state) => void (state.cancellations = {})],
    ['no more is refunded than was paid, and nothing that was not', ({ cancellations }) => void (first(cancellations).refundCents += 1)],
    ['a voucher is used by the quote that has it, and by no other', ({ vouchers }) => void (first(vouchers).usedOn = null)],
    ['points are those of the opening and of payments, less what vouchers cost', ({ account }) => void (account.points += 50)],
    ['no booking is ever lost, nor on another train than it was made for', ({ bookings }) => void delete bookings[Object.keys(opening.bookings)[0] as string]],
    ['items are lost at stations that exist', ({ lostItems }) => void (first(lostItems).station = 'NONE2')],
  ];

  test.each(breaches)('%s: broken by a state that breaks it', async (sentence, breach) => {
    const state = await lived();
    breach(state);
    expect(brokenBy(state)).toContain(sentence);
  });

  test('are broken by a state each', () => {
    expect(breaches.map(([sentence]) => sentence)).toEqual(Object.keys(RAIL_RULES));
  });
});
