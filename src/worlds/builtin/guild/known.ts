import { createRng } from '../../../core/random';
import type { KnownFact } from '../../../core/tool';
import { fact } from '../combinators';
import { WARES, type GuildState } from './state';

/** What a member could state: name and mark, posts, caravans and wares by name, and how many sacks are meant. */
export function knownGuild(state: GuildState): KnownFact[] {
  const rng = createRng(`${state.salt}/known`);
  const posts = Object.values(state.posts).map(({ name }) => name);
  const caravans = Object.values(state.caravans).map(({ name }) => name);
  const wares = rng.shuffle(WARES);
  const sacks = (name: string, value: number, about: string): KnownFact => ({ name, value, about, params: ['open_haggle.sacks'] });
  return [
    fact('member_name', state.member.name, "the user's name in the guild", 'member_name'),
    fact('guild_mark', state.member.mark, "the user's guild mark", 'guild_mark'),
    fact('home_post', posts[0], 'the post where the user buys most', 'post_name'),
    fact('second_post', posts[1], 'the post that the user trades with', 'post_name'),
    fact('third_post', posts[2], 'the post where an old friend keeps a stall', 'post_name'),
    fact('far_post', posts[3], 'the post the user has never seen', 'post_name'),
    fact('first_caravan', caravans[0], 'the caravan the user trusts most', 'caravan_name'),
    fact('second_caravan', caravans[1], 'the caravan that the user hired second', 'caravan_name'),
    fact('third_caravan', caravans[2], 'the caravan that the user hired last', 'caravan_name'),
    fact('favourite_ware', wares[0], 'the ware the user likes to trade in', 'ware_name'),
    fact('second_ware', wares[1], 'the ware a friend asked for', 'ware_name'),
    fact('rare_ware', wares[2], 'the ware the user has heard rumours of', 'ware_name'),
    sacks('sacks_wanted', rng.int(2, 3), 'how many sacks the user wants to buy'),
    sacks('sacks_at_most', rng.int(4, 5), 'the most sacks the user would take'),
  ];
}
