// How many bytes a request takes on the network.
import type { StageRecord } from '../../model/stage/stage-record.ts';

/** Of a packet: data at the usual MTU of 1,500, and its Ethernet, IP and TCP headers with time stamps. */
const packetBytes = 1448;
const headerBytes = 66;

export type Counted = Pick<StageRecord, 'bytes' | 'requests'>;

/** Of requests and answers together, in the direction with more, as HTTP has them and with the headers of their packets; undefined without any. */
export function bytesPerRequest(
  stages: readonly Counted[],
): { readonly ofHttp: number; readonly onWire: number } | undefined {
  const counted = stages.filter(({ bytes, requests }) => bytes !== undefined && requests.completed > 0);
  if (counted.length === 0) return undefined;
  const sum = (of: (stage: Counted) => number) => counted.reduce((total, each) => total + of(each), 0);
  const received = sum(({ bytes }) => bytes?.received ?? 0) / sum(({ requests }) => requests.completed);
  const sent = sum(({ bytes }) => bytes?.sent ?? 0) / sum(({ requests }) => requests.sent);
  // Each direction has the bandwidth for itself.
  const ofHttp = Math.max(received, sent);
  return { ofHttp, onWire: ofHttp + headerBytes * Math.ceil(ofHttp / packetBytes) };
}
