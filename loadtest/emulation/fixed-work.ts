// A program that does one fixed computation when it is asked, and answers with the CPU time that it took: how fast its core is now.
// On a shared machine the same work takes up to 1.7 times the CPU time for seconds, with no steal and no other process to be seen. What an
// app pays then is in fetching its code: parsing, regular expressions and new objects took 1.7 times as long in such spells (10 to 90 % of
// the time within 4 % otherwise) and redis SETs 1.5 times, but a chain of multiplications 1.02 times and arithmetic without one 1.2 times.

/** About 0.2 s of a core of 2020. */
const rounds = 70_000;
/** Until V8 has compiled it. */
const warmUps = 3;

const link = {
  id: '',
  url: 'https://example.com/a/b?c=d',
  visits: [1, 2, 3, 4],
  flags: { a: 1, b: 'two', c: [true, false] },
};

function work(): number {
  let checksum = 0;
  for (let round = 0; round < rounds; round++) {
    link.id = `x${round}`;
    const text = JSON.stringify(link);
    checksum += JSON.parse(text).visits.length + text.replace(/[a-f]/g, 'z').split('/').length;
  }
  return checksum;
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
