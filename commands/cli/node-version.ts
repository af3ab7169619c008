// Imported before everything else: what comes after it throws a stack trace on an old Node.
const needed = [20, 19] as const;
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);

if (major < needed[0] || (major === needed[0] && minor < needed[1])) {
  process.stderr.write(
    `headroom: Node ${process.versions.node} is too old. Install Node ${needed.join('.')} or newer: https://nodejs.org/en/download\n`,
  );
  process.exit(2);
}
