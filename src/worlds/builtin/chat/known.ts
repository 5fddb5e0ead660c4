import type { KnownFact } from '../../../core/tool';
import { createRng } from '../../../core/random';
import { addDays } from '../calendar';
import { fact } from '../combinators';
import type { ChatState } from './state';

const NEW_CHANNELS = ['roof-garden', 'chess-corner', 'spare-parts', 'winter-tyres', 'big-move'];
const TEXTS = ['The samples are on my desk.', 'I shall be ten minutes late.', 'The keys are with the porter.', 'Please bring both ladders.', 'The cake is for everybody.', 'We start without the projector.'];
const TIMES = ['07:20', '08:50', '11:35', '14:05', '15:40', '16:55'];

/** What a user of this seed could state. Codes of people, channels, messages, threads and planned messages are never among them. */
export function knownChat(state: ChatState): KnownFact[] {
  const rng = createRng(`${state.salt}/known`);
  const channels = Object.values(state.channels).map((row) => row.name);
  const people = Object.values(state.people).map((row) => row.name);
  const [fresh, texts, times] = [NEW_CHANNELS, TEXTS, TIMES].map((list) => rng.shuffle(list)) as [string[], string[], string[]];
  const time = (name: string, value: string | undefined, about: string): KnownFact => ({ name, value: value as string, about, params: ['plan_message.at'] });
  return [
    fact('chat_name', state.user.chatName, "the user's chat name", 'chat_name'),
    fact('passcode', state.user.passcode, "the user's passcode", 'passcode'),
    fact('own_channel', channels[0], 'the channel the user writes in', 'channel_name'),
    fact('new_to_user', channels[1], 'the channel the user has heard of', 'channel_name'),
    fact('busy_channel', channels[2], "the channel the user's team asked about", 'channel_name'),
    fact('wanted_channel', fresh[0], 'the name of a channel the user would like to have', 'new_channel_name'),
    fact('other_wanted_channel', fresh[1], 'a channel name a colleague suggested', 'new_channel_name'),
    fact('desk_mate', people[1], "the user's desk mate", 'full_name'),
    fact('team_lead', people[4], "the person who leads the user's team", 'full_name'),
    fact('newcomer', people[6], 'the colleague who started this week', 'full_name'),
    fact('first_text', texts[0], 'something the user wants to tell others', 'message_text'),
    fact('second_text', texts[1], "the user's answer to a question", 'message_text'),
    fact('third_text', texts[2], 'a reminder the user has in mind', 'message_text'),
    fact('reminder_day', addDays(state.today, rng.int(3, 20)), 'the day on which others need a reminder', 'date'),
    fact('return_day', addDays(state.today, rng.int(25, 90)), 'the day on which the user is back from leave', 'date'),
    time('morning_time', times[0], 'the time of day at which everybody reads the chat'),
    time('other_time', times[1], "the time of day that suits the user's team"),
  ];
}
