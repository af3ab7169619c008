// Ends what a program of ours or of the user has started when this process dies, however it died.
import { type ChildProcess, spawn } from 'node:child_process';

/** Pids of the process $1 and its descendants; of what has $2 in its environment; and of the members of the control groups behind it. */
const living = `living() {
  cat /proc/[0-9]*/stat | awk -v root="$1" '
    { pid = $1; sub(/.*[)] /, ""); parent[pid] = $2 }
    END { for (pid in parent) for (each = pid; each in parent; each = parent[each]) if (each == root) print pid }'
  if [ -n "$2" ]; then grep -lzxsF -e "$2" /proc/[0-9]*/environ | cut -d / -f 3; fi
  shift 2; cat /dev/null "$@"
}`;

/** Its stdin ends with this process. Then it ends the group $1 and what is `living`: politely, and after $2 seconds by force. */
const untilGone = `${living}
read -r _; group=$1 grace=$2; shift 2
pids=$(living "$group" "$@"); kill -TERM "-$group" $pids
for second in $(seq "$grace"); do
  sleep 1
  # Only what has lived all the time: the number of one that has ended may be another's.
  left=; for pid in $pids; do if kill -0 "$pid"; then left="$left $pid"; fi; done
  pids=$left
done
kill -KILL "-$group" $pids $(living "$group" "$@")`;

/** How what has left the process group of a program is found. */
type Escaped = {
  /** An entry of its environment that nothing else has, NAME=VALUE. */
  readonly mark?: string;
  /** Files of the control groups that it has entered. */
  readonly entries?: readonly string[];
};

/** Starts what ends the process group of `pid` when this process dies. To be ended with `kill` when the group has ended by itself. */
export function endWithHarness(
  pid: number | undefined,
  graceMs: number,
  { mark = '', entries = [] }: Escaped = {},
): ChildProcess {
  return spawn('/bin/sh', ['-c', untilGone, 'sh', String(pid), String(Math.ceil(graceMs / 1000)), mark, ...entries], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
}
