// A program that does one fixed piece of arithmetic when it is asked, and answers with the CPU time that it took: how fast its core is now.
// On a shared machine the same work takes up to 1.6 times the CPU time for seconds, with no steal and no other process to be seen.

/** About 0.2 s of a core of 2020. */
const rounds = 150_000_000;
/** Until V8 has compiled it. */
const warmUps = 2;

function work(): number {
  let x = 1;
  for (let round = 0; round < rounds; round++) x = (Math.imul(x, 1_664_525) + 1_013_904_223) | 0;
  return x;
}

for (let round = 0; round < warmUps; round++) work();
process.on('message', () => {
  const before = process.cpuUsage();
  const checksum = work();
  const { user, system } = process.cpuUsage(before);
  process.send?.({ cpuMs: (user + system) / 1000, checksum });
});
// The harness is gone.
process.on('disconnect', () => process.exit());
if (!process.connected) process.exit();
process.send?.('ready');
