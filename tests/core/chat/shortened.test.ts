import { shortened } from '../../../src/core/chat/shortened';

const RESULT = JSON.stringify({ trains: Array.from({ length: 200 }, (_unused, at) => ({ id: `T-${at}`, leaves: '08:15' })) });

describe('a request in short', () => {
  it('leaves out the middle of what a tool returned, and says how much', () => {
    const request = { messages: [{ role: 'user' as const, content: `Plan my trip.\n${RESULT}\nThank you.` }, { role: 'tool' as const, tool_call_id: 'c1', content: RESULT }] };
    const short = shortened(request);
    const [user, tool] = short.messages.map((message) => message.content as string);
    expect(user?.split('\n')).toEqual(['Plan my trip.', tool, 'Thank you.']);
    expect(tool).toBe(`${RESULT.slice(0, 1_200)} … (${RESULT.length - 1_600} characters left out) … ${RESULT.slice(-400)}`);
    expect(request.messages[1]?.content).toBe(RESULT);
  });

  it('is the very same where no line is long', () => {
    const request = { messages: [{ role: 'assistant' as const, content: null }, { role: 'user' as const, content: `${'A line of a policy.\n'.repeat(500)}` }] };
    expect(shortened(request)).toBe(request);
  });
});
