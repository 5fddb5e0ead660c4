// A worker as a process of its own, from the built package, for tests that kill it. It keeps in the file IN_FLIGHT how
// many replies are asked for and not stored; with DIE_AFTER_REPLY=n it kills itself when the n-th reply, or the first
// after it with 20 in flight, has come and is not stored yet.
const { renameSync, writeFileSync } = require('node:fs');
const { loadConfig } = require('../../dist/config');
const { connect } = require('../../dist/wiring');
const { createWorker } = require('../../dist/worker');

async function main() {
  const config = loadConfig();
  const wiring = await connect(config);
  const dieAfter = Number(process.env.DIE_AFTER_REPLY ?? 0);
  let replies = 0;
  let inFlight = 0;
  const count = (change) => {
    inFlight += change;
    if (!process.env.IN_FLIGHT) return;
    // A kill may come between emptying a file and filling it.
    writeFileSync(`${process.env.IN_FLIGHT}.new`, String(inFlight));
    renameSync(`${process.env.IN_FLIGHT}.new`, process.env.IN_FLIGHT);
  };
  const chat = {
    complete: async (input) => {
      count(+1);
      try {
        const reply = await wiring.deps.chat.complete(input);
        replies += 1;
        if (dieAfter > 0 && replies >= dieAfter && inFlight >= 20) process.kill(process.pid, 'SIGKILL');
        return reply;
      } catch (error) {
        count(-1);
        throw error;
      }
    },
  };
  const records = {
    ...wiring.deps.records,
    append: async (input) => {
      const line = await wiring.deps.records.append(input);
      if (input.line.kind === 'call') count(-1);
      return line;
    },
  };
  const worker = await createWorker(config, wiring, { chat, records });
  process.on('SIGTERM', () => worker.shutdown());
  console.log('ready');
  await worker.run();
  await wiring.close();
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
