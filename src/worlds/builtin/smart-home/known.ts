import type { KnownFact } from '../../../core/tool';
import { createRng } from '../../../core/random';
import { addDays } from '../calendar';
import { fact } from '../combinators';
import type { SmartHomeState } from './state';

const LABELS = ['Pip', 'Marlow', 'little owl', 'north star', 'Captain', 'Aunt Hedda'];
const SCENES = ['first snow', 'late shift', 'piano practice', 'nap time', 'garden party', 'homework hour'];
const GUESTS = ['Odalys', 'Bertrand', 'Mirela', 'Tobiah', 'Sunniva', 'Casper'];
const TIMES = ['06:45', '07:30', '12:15', '17:05', '18:40', '20:30', '21:25'];

/** What a user of this seed could state. Codes of rooms, devices, scenes and schedules and pairing tokens are never among them. */
export function knownSmartHome(state: SmartHomeState): KnownFact[] {
  const rng = createRng(`${state.salt}/known`);
  const rooms = Object.values(state.rooms).map((row) => row.name);
  const stickers = Object.values(state.offers).map((row) => row.sticker);
  const [labels, scenes, guests, times] = [LABELS, SCENES, GUESTS, TIMES].map((list) => rng.shuffle(list)) as [string[], string[], string[], string[]];
  const time = (name: string, value: string | undefined, about: string): KnownFact => ({ name, value: value as string, about, params: ['schedule_scene.at'] });
  return [
    fact('house_pin', state.hub.pin, 'the PIN of the house', 'house_pin'),
    fact('favourite_room', rooms[0], "the user's favourite room", 'room_name'),
    fact('busy_room', rooms[1], 'the room in which the family spends the evening', 'room_name'),
    fact('spare_room', rooms[2], 'the room the user is furnishing', 'room_name'),
    fact('first_sticker', stickers[0], 'the code on the sticker of the device the user bought last', 'sticker_code'),
    fact('second_sticker', stickers[2], 'the code on the sticker of the device that lies unpacked in the hall', 'sticker_code'),
    fact('first_label', labels[0], 'what the user wants to call a new device', 'device_label'),
    fact('second_label', labels[1], 'another name the user likes for a device', 'device_label'),
    fact('morning_scene', scenes[0], 'the name of a scene the user has in mind', 'scene_name'),
    fact('evening_scene', scenes[1], 'the name of a scene the children asked for', 'scene_name'),
    fact('guest', guests[0], 'the first name of the guest who looks after the plants', 'guest_name'),
    fact('second_guest', guests[1], 'the first name of the guest who stays over', 'guest_name'),
    fact('departure_day', addDays(state.today, rng.int(12, 20)), 'the day on which the guests leave', 'date'),
    fact('holiday_end', addDays(state.today, rng.int(24, 40)), "the day on which the user's holiday ends", 'date'),
    time('first_time', times[0], 'the time at which the user likes a change of light'),
    time('second_time', times[1], 'the time at which the house should change its mood'),
  ];
}
