import { createServer } from 'node:http';

/**
 * A model endpoint with a known limit, in a process of its own. GET /set?latency=ms&limit=n[&refuse=1] begins a measurement:
 * `refuse` answers 429 with Retry-After 1 above the limit, otherwise what is above it waits. GET /stats: begin and end of every
 * reply, and how many requests waited then.
 */
let settings = { latency: 0, limit: 64, refuse: false };
let open = 0;
let waiting = [];
let stats = { replies: [], refused: 0, most: 0 };

const server = createServer((request, response) => {
  const url = new URL(request.url, 'http://endpoint');
  if (url.pathname === '/set') {
    settings = { latency: Number(url.searchParams.get('latency')), limit: Number(url.searchParams.get('limit')), refuse: url.searchParams.has('refuse') };
    stats = { replies: [], refused: 0, most: 0 };
    return response.end('{}');
  }
  if (url.pathname === '/stats') return response.end(JSON.stringify(stats));
  request.resume().on('end', () => receive(response));
});

function receive(response) {
  if (open < settings.limit) return serve(response);
  if (!settings.refuse) return waiting.push(response);
  stats.refused += 1;
  response.writeHead(429, { 'content-type': 'application/json', 'retry-after': '1' }).end(JSON.stringify({ error: { message: 'too many requests', type: 'rate_limit', code: 'rate_limit' } }));
}

function serve(response) {
  open += 1;
  stats.most = Math.max(stats.most, open);
  const begun = performance.now();
  setTimeout(() => {
    open -= 1;
    stats.replies.push({ begun, ended: performance.now(), waiting: waiting.length });
    response.writeHead(200, { 'content-type': 'application/json' }).end(REPLY);
    const next = waiting.shift();
    if (next) serve(next);
  }, settings.latency);
}

const REPLY = JSON.stringify({
  id: 'r', object: 'chat.completion', created: 0, model: 'bench', usage: { prompt_tokens: 400, completion_tokens: 100, total_tokens: 500 },
  choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content: 'The answer of a model, of about the length that a step of a trajectory has. '.repeat(5) } }],
});

server.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }));
process.on('disconnect', () => process.exit(0));
