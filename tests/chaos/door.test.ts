import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { openDoor, type Door } from '../../src/chaos/door';

let door: Door;
let endpoint: Server;
let release: () => void;

beforeEach(async () => {
  const held = new Promise<void>((resolve) => (release = resolve));
  endpoint = createServer((request, response) => {
    void held.then(() => response.writeHead(request.url === '/v1/refused' ? 429 : 200, { 'retry-after': '3' }).end(`${request.method} ${request.url}`));
  });
  await new Promise<void>((resolve) => endpoint.listen(0, '127.0.0.1', resolve));
  door = await openDoor();
  door.lead('models', `http://127.0.0.1:${(endpoint.address() as AddressInfo).port}/v1`);
});
afterEach(async () => {
  release();
  await door.close();
  endpoint.closeAllConnections();
  endpoint.close();
});

const ask = (path: string, signal?: AbortSignal): Promise<Response> => fetch(`${door.urlOf('models')}${path}`, { method: 'POST', body: '{}', ...(signal ? { signal } : {}) });
const until = async (isSo: () => boolean): Promise<void> => {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 5));
};

describe('the door before a model endpoint', () => {
  it('hands a call and its reply on, and counts it while it is out', async () => {
    const reply = ask('/chat/completions');
    await until(() => door.open() === 1);
    release();
    expect(await (await reply).text()).toBe('POST /v1/chat/completions');
    await until(() => door.open() === 0);
    expect([door.replies(), door.abandoned()]).toEqual([1, 0]);
  });

  it('hands an error on with its headers and does not count it as a reply', async () => {
    release();
    const reply = await ask('/refused');
    expect([reply.status, reply.headers.get('retry-after'), door.replies()]).toEqual([429, '3', 0]);
  });

  it('cuts what is out when it is shut, refuses what comes, and lets pass again', async () => {
    const cut = ask('/chat/completions').then(() => 'answered', () => 'cut');
    await until(() => door.open() === 1);
    door.shut();
    expect(await cut).toBe('cut');
    expect((await ask('/chat/completions')).status).toBe(503);
    door.unshut();
    release();
    expect((await ask('/chat/completions')).status).toBe(200);
    expect(door.abandoned()).toBe(0);
  });

  it('tells a call that its caller gave up from one whose caller died', async () => {
    const giveUp = new AbortController();
    const given = ask('/chat/completions', giveUp.signal).catch(() => undefined);
    await until(() => door.open() === 1);
    giveUp.abort();
    await given;
    await until(() => door.open() === 0);
    expect(door.abandoned()).toBe(1);
    door.callerIsDead(true);
    const die = new AbortController();
    const dead = ask('/chat/completions', die.signal).catch(() => undefined);
    await until(() => door.open() === 1);
    die.abort();
    await dead;
    await until(() => door.open() === 0);
    expect(door.abandoned()).toBe(1);
  });
});
