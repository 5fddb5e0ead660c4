// A worker as a process of its own, from the built package, for tests that kill it. With DIE_AFTER_REPLY=n it kills
// itself when the n-th reply has come and is not stored yet.
const { loadConfig } = require('../../dist/config');
const { connect } = require('../../dist/wiring');
const { createWorker } = require('../../dist/worker');

async function main() {
  const config = loadConfig();
  const wiring = await connect(config);
  const dieAfter = Number(process.env.DIE_AFTER_REPLY ?? 0);
  let replies = 0;
  const chat = {
    complete: async (input) => {
      const reply = await wiring.deps.chat.complete(input);
      replies += 1;
      if (dieAfter > 0 && replies === dieAfter) process.kill(process.pid, 'SIGKILL');
      return reply;
    },
  };
  const worker = await createWorker(config, wiring, { chat });
  process.on('SIGTERM', () => worker.shutdown());
  console.log('ready');
  await worker.run();
  await wiring.close();
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
