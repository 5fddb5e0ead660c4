import { createDocumentsWorld } from '../../../src/worlds/builtin/documents';
import { rowsIn, talkTo, type Talk } from '../../fixtures/talk';

const world = createDocumentsWorld();

async function found(): Promise<Talk & { papers: string[] }> {
  const talk = await talkTo(world);
  await talk.ask('check_badge', { archivist_name: talk.say.archivist as string, badge_number: talk.say.badge as string });
  const collection_id = await talk.get('find_collection', 'collection_id', { collection_title: talk.say.collection_2 as string });
  const index_id = await talk.get('index_details', 'index_id', { collection_id });
  const papers = rowsIn(await talk.ask('search_topic', { index_id, topic: talk.say.topic_1 as string }), 'documents').map((one) => one.document_id as string);
  return { ...talk, papers };
}

test('a document is redacted, released, paid for and issued', async () => {
  const { ask, attempt, say, papers } = await found();
  const placesOf = async (document_id: string) => rowsIn(await ask('find_sensitive_places', { document_id }), 'places');
  const open = await Promise.all(papers.map(async (paper) => (await placesOf(paper)).every((place) => place.redacted === false)));
  const args = { document_id: papers[open.indexOf(true)] as string, recipient: say.visitor as string };
  const places = await placesOf(args.document_id);
  for (const [at, place] of places.entries()) {
    expect(await attempt('request_release', args)).toMatchObject({ fault: 'precondition' });
    expect((await ask('redact_place', { mark_id: place.mark_id as string, ground: 'privacy' })).places_left).toBe(places.length - 1 - at);
  }
  const { release_id, fee } = (await ask('request_release', args)) as { release_id: string; fee: number };
  expect(await attempt('request_release', args)).toMatchObject({ fault: 'conflict' });
  expect(await attempt('issue_copy', { release_id })).toMatchObject({ fault: 'precondition' });
  expect((await ask('pay_release_fee', { release_id, method: 'card' })).amount).toBe(fee);
  await ask('issue_copy', { release_id });
  expect(await attempt('issue_copy', { release_id })).toMatchObject({ fault: 'conflict' });
});

test('passages of two documents are cited and linked, not those of one', async () => {
  const { ask, attempt, get, papers } = await found();
  const citation = async (paper: string, nth: number): Promise<string> => {
    const passage = rowsIn(await ask('list_passages', { document_id: paper }), 'passages')[nth];
    return get('cite_passage', 'citation_id', { passage_id: passage?.passage_id as string, style: 'full' });
  };
  const [one, same, other] = [await citation(papers[0] as string, 0), await citation(papers[0] as string, 1), await citation(papers[1] as string, 0)];
  expect(await attempt('link_citations', { from_citation: one, to_citation: same })).toMatchObject({ fault: 'precondition' });
  expect((await attempt('link_citations', { from_citation: one, to_citation: other })).ok).toBe(true);
  expect(await attempt('link_citations', { from_citation: one, to_citation: other })).toMatchObject({ fault: 'conflict' });
});

test('a collection without an index is indexed once, and then searched', async () => {
  const { ask, attempt, get, say } = await found();
  const collection_id = await get('find_collection', 'collection_id', { collection_title: say.collection_1 as string });
  expect(await attempt('index_details', { collection_id })).toMatchObject({ fault: 'precondition' });
  const index_id = await get('index_collection', 'index_id', { collection_id });
  expect(await attempt('index_collection', { collection_id })).toMatchObject({ fault: 'conflict' });
  expect(await get('index_details', 'index_id', { collection_id })).toBe(index_id);
  expect(rowsIn(await ask('search_topic', { index_id, topic: say.topic_2 as string }), 'documents').length).toBeGreaterThanOrEqual(2);
});

test('nothing is cited or redacted before a badge was checked', async () => {
  const { attempt } = await talkTo(world);
  for (const [tool, args] of [['cite_passage', { passage_id: 'PS-1', style: 'short' }], ['redact_place', { mark_id: 'MK-1', ground: 'safety' }]] as const) {
    expect(await attempt(tool, args)).toMatchObject({ fault: 'precondition', message: expect.stringContaining('badge') });
  }
});
