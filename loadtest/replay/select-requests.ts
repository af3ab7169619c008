// Of the requests of a log those that are sent: a sample need not carry a million paths.
import type { Recording } from './recorder.ts';
import type { PackedRequests } from './request-table.ts';

/** Requests by new numbers. */
export type SentRequests = Pick<Recording, 'requests' | 'names' | 'nameOf'> & { readonly request: Uint32Array };

/** The table with these requests alone, and `sent` by its numbers. */
export function selectRequests(
  { requests, names, nameOf }: Pick<Recording, 'requests' | 'names' | 'nameOf'>,
  sent: Uint32Array,
): SentRequests {
  const numbers = new Int32Array(nameOf.length).fill(-1);
  let count = 0;
  for (const request of sent) if (numbers[request] === -1) numbers[request] = count++;
  const chosen = new Uint32Array(count);
  numbers.forEach((number, request) => {
    if (number >= 0) chosen[number] = request;
  });
  return {
    requests: copyRequests(requests, chosen),
    names,
    nameOf: Uint8Array.from(chosen, (request) => nameOf[request] as number),
    request: sent.map((request) => numbers[request] as number),
  };
}

function copyRequests({ bytes, begins, methods, method, status }: PackedRequests, chosen: Uint32Array): PackedRequests {
  const lengthOf = (request: number): number => (begins[request + 1] as number) - (begins[request] as number);
  const total = chosen.reduce((sum, request) => sum + lengthOf(request), 0);
  const copied = new Uint8Array(total);
  const starts = new Uint32Array(chosen.length + 1);
  let used = 0;
  for (const [place, request] of chosen.entries()) {
    copied.set(bytes.subarray(begins[request], begins[request + 1]), used);
    starts[place] = used;
    used += lengthOf(request);
  }
  starts[chosen.length] = used;
  return {
    bytes: copied,
    begins: starts,
    methods,
    method: Uint8Array.from(chosen, (request) => method[request] as number),
    status: Uint16Array.from(chosen, (request) => status[request] as number),
  };
}
