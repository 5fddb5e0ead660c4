import { z } from 'zod';
import { createRng } from '../../../core/random';
import { addDays, daysBetween, weekdayOf } from '../calendar';
import { clock, dayShown, findId, fromCents, inStatus, money, notPast, rowOf, rowsOf, sameName, signedIn, sortedBy, sumOf } from '../combinators';
import { day, exists, must, ref, toolsOn, type DomainTool, type Need } from '../domain';
import { RESERVATION_STATUSES, roomsFree, type HotelState, type Nights } from './state';

const tool = toolsOn<HotelState>();

// ---- shared fields ----

const cityCode = ref('city_code', 'Code of a city, as given by find_city');
const hotelId = (description: string): z.ZodString => ref('hotel_id', description);
const roomTypeId = ref('room_type_id', 'Identifier of a room type of one hotel, as given by list_room_types');
const holdId = ref('hold_id', 'Identifier of a hold, as given by hold_room');
const reservationId = ref('reservation_id', "Identifier of one of the member's reservations");
const stayId = ref('stay_id', 'Identifier of a stay under way, as given by check_in');
const arrival = day('Day of arrival, within 120 days');
const nightCount = z.int().min(1).max(7).default(2).describe('Number of nights');

// ---- needs ----

const identified = signedIn<HotelState>();
const hotelIs = <A>(read: (args: A) => string): Need<HotelState, A> => exists('hotel', (state) => state.hotels, read);
const roomTypeExists = exists<HotelState, { room_type_id: string }>('room type', (state) => state.roomTypes, (args) => args.room_type_id);
const reservationExists = exists<HotelState, { reservation_id: string }>('reservation', (state) => state.reservations, (args) => args.reservation_id);
const stayExists = must<HotelState, { stay_id: string }>('not_found', (state, args) => ofStay(state, args) !== undefined, (args) => `There is no stay \`${args.stay_id}\`.`);

const statusIn = <A>(find: (args: A, state: HotelState) => string, ...allowed: (typeof RESERVATION_STATUSES)[number][]): Need<HotelState, A> =>
  inStatus({ kind: 'Reservation', id: find, status: (state, args) => rowOf(state.reservations, find(args, state)).status, order: RESERVATION_STATUSES, allowed });
const reservationIs = (...allowed: (typeof RESERVATION_STATUSES)[number][]): Need<HotelState, { reservation_id: string }> => statusIn((args) => args.reservation_id, ...allowed);
const stayIs = statusIn<{ stay_id: string }>((args, state) => ofStay(state, args) as string, 'checked_in');

const roomLeft = <A>(wanted: (state: HotelState, args: A) => Nights, leavingOut?: (args: A) => string): Need<HotelState, A> =>
  must('conflict', (state, args) => roomsFree(state, wanted(state, args), leavingOut?.(args)) > 0, (args, state) => `No room of this type is free for the nights from ${wanted(state, args).arrival}.`);

// ---- reading ----

const ofStay = (state: HotelState, args: { stay_id: string }): string | undefined => findId(state.reservations, (one) => one.stay?.id === args.stay_id);
const hotelOf = (state: HotelState, type: string): HotelState['hotels'][string] => rowOf(state.hotels, rowOf(state.roomTypes, type).hotel);

const nightCents = (baseCents: number, night: string): number => (['Friday', 'Saturday'].includes(weekdayOf(night)) ? Math.round(baseCents * 1.25) : baseCents);

function priceOf(state: HotelState, { roomType, arrival: first, nights }: Nights): number {
  const { nightlyCents } = rowOf(state.roomTypes, roomType);
  return sumOf(Array.from({ length: nights }, (_, night) => nightCents(nightlyCents, addDays(first, night))), (cents) => cents);
}

// ---- hotels and rooms ----

const findCity = tool({
  name: 'find_city',
  about: 'Find a city in which the group has hotels, with its code and the tax that guests pay there.',
  in: z.strictObject({ city: ref('city', 'Name of the city') }),
  out: z.object({ city_code: cityCode, city_tax: money('City tax for each guest and night'), average_rate: money('Average price of a double room in the city') }),
  needs: [must('not_found', (state, args) => cityNamed(state, args.city) !== undefined, (args) => `There is no hotel of the group in \`${args.city}\`.`)],
  run: ({ state }, args) => {
    const city_code = cityNamed(state, args.city) as string;
    const rates = rowsOf(state.roomTypes, (type) => type.sleeps === 2 && rowOf(state.hotels, type.hotel).city === city_code).map(([, type]) => type.nightlyCents);
    return { city_code, city_tax: fromCents(rowOf(state.cities, city_code).taxCents), average_rate: fromCents(Math.round(sumOf(rates, (one) => one) / rates.length)) };
  },
});

const cityNamed = (state: HotelState, name: string): string | undefined => findId(state.cities, (city) => sameName(city.name, name));

const hotelsInCity = tool({
  name: 'hotels_in_city',
  about: 'List the hotels of a city with their districts, stars and the price of the cheapest room on the night of arrival.',
  in: z.strictObject({ city_code: cityCode, arrival }),
  out: z.object({
    hotels: z.array(z.object({
      hotel_id: hotelId('Identifier of the hotel'),
      hotel_name: z.string().describe('Name of the hotel'),
      district: z.string().describe('Part of the city'),
      stars: z.int().describe('Stars of the hotel'),
      from_price: money('Price of the cheapest room for the first night'),
    })).describe('The hotels, by name'),
  }),
  needs: [exists('city with the code', (state) => state.cities, (args) => args.city_code), notPast((args) => args.arrival, 120)],
  run: ({ state }, args) => ({
    hotels: sortedBy(rowsOf(state.hotels, (hotel) => hotel.city === args.city_code), ([, hotel]) => hotel.name).map(([hotel_id, { name, district, stars }]) => ({
      hotel_id, hotel_name: name, district, stars,
      from_price: fromCents(Math.min(...rowsOf(state.roomTypes, (type) => type.hotel === hotel_id).map(([, type]) => nightCents(type.nightlyCents, args.arrival)))),
    })),
  }),
});

const nearestHotel = tool({
  name: 'nearest_hotel',
  about: 'Find the hotel of the group that is nearest to a landmark, and the walk from there.',
  in: z.strictObject({ landmark: ref('landmark', 'Name of the landmark') }),
  out: z.object({ hotel_id: hotelId('Identifier of the hotel'), hotel_name: z.string().describe('Name of the hotel'), walk_minutes: z.int().describe('Walk to the landmark, in minutes') }),
  needs: [must('not_found', (state, args) => findId(state.hotels, (hotel) => sameName(hotel.landmark, args.landmark)) !== undefined, (args) => `No hotel of the group is near \`${args.landmark}\`.`)],
  run: ({ state }, args) => {
    const hotel_id = findId(state.hotels, (hotel) => sameName(hotel.landmark, args.landmark)) as string;
    const { name, walkMinutes } = rowOf(state.hotels, hotel_id);
    return { hotel_id, hotel_name: name, walk_minutes: walkMinutes };
  },
});

const compareHotels = tool({
  name: 'compare_hotels',
  about: 'Compare two hotels: which one is cheaper for a double room, by how much, and which one guests rate higher.',
  in: z.strictObject({ first_hotel: hotelId('One of the hotels'), second_hotel: hotelId('The other hotel') }),
  out: z.object({ cheaper_hotel: z.string().describe('Name of the cheaper hotel'), price_difference: money('Difference of the double rooms for a night'), better_rated_hotel: z.string().describe('Name of the hotel that guests rate higher'), best_rating: z.number().describe('Its rating, from 1 to 10') }),
  needs: [
    hotelIs((args) => args.first_hotel), hotelIs((args) => args.second_hotel),
    must('invalid_args', (_state, args) => args.first_hotel !== args.second_hotel, () => 'The two hotels are the same.'),
  ],
  run: ({ state }, args) => {
    const sides = [args.first_hotel, args.second_hotel].map((id) => ({
      name: rowOf(state.hotels, id).name,
      cents: Math.max(...rowsOf(state.roomTypes, (type) => type.hotel === id && type.sleeps === 2).map(([, type]) => type.nightlyCents)),
      rating: createRng(`${state.salt}/rating/${id}`).int(61, 97) / 10,
    }));
    const [cheaper, dearer] = [...sides].sort((a, b) => a.cents - b.cents) as [(typeof sides)[number], (typeof sides)[number]];
    const best = cheaper.rating > dearer.rating ? cheaper : dearer;
    return { cheaper_hotel: cheaper.name, price_difference: fromCents(dearer.cents - cheaper.cents), better_rated_hotel: best.name, best_rating: best.rating };
  },
});

const listRoomTypes = tool({
  name: 'list_room_types',
  about: 'List the room types of a hotel with how many guests they sleep and what a night costs in mid-week.',
  in: z.strictObject({ hotel_id: hotelId('Hotel to look at') }),
  out: z.object({
    room_types: z.array(z.object({ room_type_id: roomTypeId, room_name: z.string().describe('Name of the room type'), sleeps: z.int().describe('Most guests in the room'), nightly_rate: money('Price of a night in mid-week') })).describe('The room types, smallest first'),
  }),
  needs: [hotelIs((args) => args.hotel_id)],
  run: ({ state }, args) => ({
    room_types: sortedBy(rowsOf(state.roomTypes, (type) => type.hotel === args.hotel_id), ([, type]) => String(type.sleeps)).map(([room_type_id, type]) => ({ room_type_id, room_name: type.name, sleeps: type.sleeps, nightly_rate: fromCents(type.nightlyCents) })),
  }),
});

const roomAvailability = tool({
  name: 'room_availability',
  about: 'Show how many rooms of a type are free for some nights and what the whole stay would cost. Nothing is held.',
  in: z.strictObject({ room_type_id: roomTypeId, arrival, nights: nightCount }),
  out: z.object({ rooms_free: z.int().describe('Rooms free on every one of these nights'), stay_price: money('Price of the stay without city tax'), breakfast_from: clock('Time from which breakfast is served') }),
  needs: [roomTypeExists, notPast((args) => args.arrival, 120)],
  run: ({ state }, args) => {
    const wanted = { roomType: args.room_type_id, arrival: args.arrival, nights: args.nights };
    return { rooms_free: roomsFree(state, wanted), stay_price: fromCents(priceOf(state, wanted)), breakfast_from: createRng(`${state.salt}/breakfast/${rowOf(state.roomTypes, args.room_type_id).hotel}`).pick(['06:15', '06:30', '07:00', '07:15', '07:30']) };
  },
});

// ---- the member and reservations ----

const identifyMember = tool({
  name: 'identify_member',
  about: 'Identify a member of the guest club by card number and last name. Holds, reservations and stays are closed before.',
  in: z.strictObject({ club_number: ref('club_number', 'Number on the club card, as LG-000000'), last_name: ref('last_name', 'Last name of the member') }),
  out: z.object({ club_points: z.int().describe('Points on the club account'), member_since: z.int().describe('Year in which the member joined') }),
  writes: ['session'],
  needs: [
    must('not_found', (state, args) => state.guest.clubNumber === args.club_number, (args) => `There is no club card \`${args.club_number}\`.`),
    must('precondition', (state, args) => sameName(state.guest.lastName, args.last_name), () => 'The card belongs to somebody with another last name.'),
  ],
  run: ({ state }) => {
    state.session.signedIn = true;
    return { club_points: state.guest.points, member_since: createRng(`${state.salt}/joined`).int(2011, 2030) };
  },
});

const holdRoom = tool({
  name: 'hold_room',
  about: 'Hold a free room of a type for some nights. A hold has no guest name yet and is not paid.',
  in: z.strictObject({ room_type_id: roomTypeId, arrival, nights: nightCount, guests: z.int().min(1).max(4).default(1).describe('Number of guests') }),
  out: z.object({ hold_id: holdId, stay_price: money('Price of the stay without city tax'), held_until: clock('Time today until which the room is held') }),
  writes: ['holds'],
  needs: [
    identified, roomTypeExists, notPast((args) => args.arrival, 120),
    must('precondition', (state, args) => args.guests <= rowOf(state.roomTypes, args.room_type_id).sleeps, (args, state) => `This room sleeps ${rowOf(state.roomTypes, args.room_type_id).sleeps}, not ${args.guests}.`),
    roomLeft((_state, args) => ({ roomType: args.room_type_id, arrival: args.arrival, nights: args.nights })),
  ],
  run: ({ state, id }, args) => {
    const wanted = { roomType: args.room_type_id, arrival: args.arrival, nights: args.nights };
    const hold_id = id('HD', `${args.room_type_id}/${args.arrival}/${args.nights}/${args.guests}`, state.holds);
    const priceCents = priceOf(state, wanted);
    state.holds[hold_id] = { ...wanted, guests: args.guests, priceCents, confirmed: false };
    return { hold_id, stay_price: fromCents(priceCents), held_until: createRng(`${state.salt}/held/${hold_id}`).pick(['18:00', '19:30', '20:00', '21:15', '22:30']) };
  },
});

const confirmHold = tool({
  name: 'confirm_hold',
  about: 'Turn a hold into a reservation in the name of a guest.',
  in: z.strictObject({ hold_id: holdId, guest_name: ref('guest_name', 'Full name of the guest who stays'), guarantee: z.enum(['card_on_file', 'club_points', 'company_account']).describe('How the reservation is guaranteed') }),
  out: z.object({ reservation_id: reservationId, hotel_phone: z.string().describe('Telephone number of the hotel'), free_cancellation_until: dayShown('Last day on which cancelling is free') }),
  writes: ['holds', 'reservations'],
  needs: [
    identified,
    exists('hold', (state) => state.holds, (args) => args.hold_id),
    must('conflict', (state, args) => !rowOf(state.holds, args.hold_id).confirmed, (args) => `Hold \`${args.hold_id}\` has been confirmed already.`),
  ],
  run: ({ state, id }, args) => {
    const hold = rowOf(state.holds, args.hold_id);
    const { confirmed: _confirmed, ...nights } = hold;
    const reservation_id = id('RV', args.hold_id, state.reservations);
    hold.confirmed = true;
    state.reservations[reservation_id] = { ...nights, guestName: args.guest_name, status: 'confirmed', extras: {}, stay: null };
    const rng = createRng(`${state.salt}/phone/${rowOf(state.roomTypes, nights.roomType).hotel}`);
    return { reservation_id, hotel_phone: `0${rng.int(310, 989)} ${rng.int(20, 98)} ${rng.int(10, 99)} ${rng.int(10, 99)}`, free_cancellation_until: addDays(nights.arrival, -FREE_UNTIL_DAYS) };
  },
});

const FREE_UNTIL_DAYS = 3;

const listReservations = tool({
  name: 'list_reservations',
  about: "List the member's reservations with hotel, days and status.",
  in: z.strictObject({}),
  out: z.object({
    reservations: z.array(z.object({
      reservation_id: reservationId,
      city: ref('city', 'City of the hotel'),
      hotel_name: z.string().describe('Name of the hotel'),
      arrives_on: dayShown('Day of arrival'),
      nights: z.int().describe('Number of nights'),
      status: z.enum(RESERVATION_STATUSES).describe('Status of the reservation'),
    })).describe('The reservations, earliest arrival first'),
  }),
  needs: [identified],
  run: ({ state }) => ({
    reservations: sortedBy(rowsOf(state.reservations), ([id, one]) => `${one.arrival} ${id}`).map(([reservation_id, one]) => {
      const hotel = hotelOf(state, one.roomType);
      return { reservation_id, city: rowOf(state.cities, hotel.city).name, hotel_name: hotel.name, arrives_on: one.arrival, nights: one.nights, status: one.status };
    }),
  }),
});

const EXTRAS = { breakfast: { perNight: true, cents: 1650 }, parking: { perNight: true, cents: 1200 }, late_departure: { perNight: false, cents: 2500 }, flowers: { perNight: false, cents: 3200 } } as const;

const addExtra = tool({
  name: 'add_extra',
  about: 'Add an extra to a reservation, once each. It is paid on departure.',
  in: z.strictObject({ reservation_id: reservationId, extra: z.enum(['breakfast', 'parking', 'late_departure', 'flowers']).describe('What to add') }),
  out: z.object({ extra_price: money('Price of the extra for the whole stay'), price_with_extras: money('Price of the stay with all extras, without city tax') }),
  writes: ['reservations'],
  needs: [
    identified, reservationExists, reservationIs('confirmed', 'checked_in'),
    must('conflict', (state, args) => !Object.hasOwn(rowOf(state.reservations, args.reservation_id).extras, args.extra), (args) => `The reservation has ${args.extra.replace('_', ' ')} already.`),
  ],
  run: ({ state }, args) => {
    const reservation = rowOf(state.reservations, args.reservation_id);
    const { perNight, cents } = EXTRAS[args.extra];
    const price = perNight ? cents * reservation.nights : cents;
    reservation.extras[args.extra] = price;
    return { extra_price: fromCents(price), price_with_extras: fromCents(withExtras(reservation)) };
  },
});

const withExtras = ({ priceCents, extras }: HotelState['reservations'][string]): number => priceCents + sumOf(Object.values(extras), (cents) => cents);

const changeDates = tool({
  name: 'change_dates',
  about: 'Move a confirmed reservation to other days in the same room type. The price is worked out anew.',
  in: z.strictObject({ reservation_id: reservationId, arrival, nights: nightCount }),
  out: z.object({ new_price: money('Price of the stay on the new days'), old_price: money('Price before the change'), departs_on: dayShown('Day of departure') }),
  writes: ['reservations'],
  needs: [
    identified, reservationExists, reservationIs('confirmed'), notPast((args) => args.arrival, 120),
    roomLeft((state, args) => ({ roomType: rowOf(state.reservations, args.reservation_id).roomType, arrival: args.arrival, nights: args.nights }), (args) => args.reservation_id),
  ],
  run: ({ state }, args) => {
    const reservation = rowOf(state.reservations, args.reservation_id);
    const old_price = fromCents(reservation.priceCents);
    Object.assign(reservation, { arrival: args.arrival, nights: args.nights });
    reservation.priceCents = priceOf(state, reservation);
    return { new_price: fromCents(reservation.priceCents), old_price, departs_on: addDays(args.arrival, args.nights) };
  },
});

const callOffStay = tool({
  name: 'call_off_stay',
  about: 'Cancel a confirmed reservation and set its room free. Within three days of arrival a third of the price is due.',
  in: z.strictObject({ reservation_id: reservationId }),
  out: z.object({ cancellation_fee: money('What the guest pays for the cancellation'), cancellation_number: z.string().describe('Number of the cancellation') }),
  writes: ['reservations'],
  needs: [identified, reservationExists, reservationIs('confirmed')],
  run: ({ state, id }, args) => {
    const reservation = rowOf(state.reservations, args.reservation_id);
    reservation.status = 'cancelled';
    const isFree = daysBetween(state.today, reservation.arrival) >= FREE_UNTIL_DAYS;
    return { cancellation_fee: isFree ? 0 : fromCents(Math.round(reservation.priceCents / 3)), cancellation_number: id('XN', args.reservation_id, {}) };
  },
});

// ---- the stay ----

const checkIn = tool({
  name: 'check_in',
  about: 'Check a guest in on the day of arrival and give out a room.',
  in: z.strictObject({ reservation_id: reservationId }),
  out: z.object({ stay_id: stayId, room_number: z.string().describe('Number of the room'), door_pin: z.string().describe('Number that opens the door of the room') }),
  writes: ['reservations'],
  needs: [
    identified, reservationExists, reservationIs('confirmed'),
    must('precondition', (state, args) => rowOf(state.reservations, args.reservation_id).arrival === state.today, (args, state) => `The guest arrives on ${rowOf(state.reservations, args.reservation_id).arrival}; today is ${state.today}.`),
  ],
  run: ({ state, id }, args) => {
    const reservation = rowOf(state.reservations, args.reservation_id);
    const taken = rowsOf(state.reservations, (one) => one.status === 'checked_in' && one.roomType === reservation.roomType).map(([, one]) => one.stay?.room);
    const rng = createRng(`${state.salt}/room/${args.reservation_id}`);
    const room = rng.shuffle(rowOf(state.roomTypes, reservation.roomType).rooms).find((one) => !taken.includes(one)) as string;
    const stay_id = id('ST', args.reservation_id, {});
    reservation.status = 'checked_in';
    reservation.stay = { id: stay_id, room, ordersCents: 0 };
    return { stay_id, room_number: room, door_pin: String(rng.int(1000, 9999)) };
  },
});

const MENU_CENTS = { soup_of_the_day: 780, cheese_plate: 1390, club_sandwich: 1160, pot_of_tea: 450 } as const;

const orderToRoom = tool({
  name: 'order_to_room',
  about: 'Order something to eat or drink to the room of a guest who has checked in.',
  in: z.strictObject({ stay_id: stayId, dish: z.enum(['soup_of_the_day', 'cheese_plate', 'club_sandwich', 'pot_of_tea']).describe('What to bring'), portions: z.int().min(1).max(4).default(1).describe('Number of portions') }),
  out: z.object({ order_price: money('Price of the order'), minutes_to_wait: z.int().describe('Minutes until it is brought') }),
  writes: ['reservations'],
  needs: [identified, stayExists, stayIs],
  run: ({ state }, args) => {
    const { stay } = rowOf(state.reservations, ofStay(state, args) as string) as { stay: { ordersCents: number } };
    const cents = MENU_CENTS[args.dish] * args.portions;
    stay.ordersCents += cents;
    return { order_price: fromCents(cents), minutes_to_wait: createRng(`${state.salt}/kitchen/${args.stay_id}/${args.dish}`).int(14, 55) };
  },
});

const checkOut = tool({
  name: 'check_out',
  about: 'Check a guest out and draw up the bill: room, extras, orders and city tax.',
  in: z.strictObject({ stay_id: stayId }),
  out: z.object({ bill_total: money('Everything to pay'), city_tax: money('City tax in the bill'), points_earned: z.int().describe('Club points for the stay') }),
  writes: ['reservations', 'guest'],
  needs: [identified, stayExists, stayIs],
  run: ({ state }, args) => {
    const reservation = rowOf(state.reservations, ofStay(state, args) as string);
    const tax = rowOf(state.cities, hotelOf(state, reservation.roomType).city).taxCents * reservation.nights * reservation.guests;
    const total = withExtras(reservation) + (reservation.stay?.ordersCents ?? 0) + tax;
    const points_earned = Math.floor(total / 100);
    reservation.status = 'checked_out';
    state.guest.points += points_earned;
    return { bill_total: fromCents(total), city_tax: fromCents(tax), points_earned };
  },
});

/** The tools of the hotel group, as its reservations desk would be given them. */
export const hotelTools: readonly DomainTool<HotelState>[] = [
  findCity, hotelsInCity, nearestHotel, compareHotels, listRoomTypes, roomAvailability,
  identifyMember, holdRoom, confirmHold, listReservations, addExtra, changeDates, callOffStay,
  checkIn, orderToRoom, checkOut,
];
