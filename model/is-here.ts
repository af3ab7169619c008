// Whether a target runs on the machine that headroom runs on.

/** True for a loopback address; also without a target, since headroom then starts its own here. */
export function isHere(target: URL | undefined): boolean {
  return target === undefined || /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(target.hostname);
}
