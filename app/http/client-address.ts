import { BlockList, isIP, isIPv4 } from 'node:net';

const NAMED_NETWORKS: Readonly<Record<string, readonly string[]>> = {
  loopback: ['127.0.0.0/8', '::1/128'],
  linklocal: ['169.254.0.0/16', 'fe80::/10'],
  uniquelocal: ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7'],
};
// As X-Forwarded-For and, in quotes and behind `for=`, Forwarded have it; some proxies add the port or the zone.
const WRITTEN = /^(?:for=)?"?(?:\[([^\]]*)\]|([\d.]+)|([^"]*?))(?::\d*)?"?$/i;

/** The address in an element of X-Forwarded-For, without its port; undefined when there is none, as in `unknown`. */
export function plainAddress(element: string | undefined): string | undefined {
  const written = element?.trim() ?? '';
  const [, v6, v4, other] = WRITTEN.exec(written) ?? [];
  // A colon ends an IPv6 address without brackets as often as it separates a port.
  const text = v4 ?? v6 ?? (isIP(withoutZone(written)) ? written : (other ?? ''));
  const address = withoutZone(v4 ? text.replace(/\b0+(?=\d)/g, '') : text);
  return isIP(address) ? address : undefined;
}

/** Whether an address is that of a trusted proxy, also where the socket has none any more; `proxies` are addresses, networks and names of networks. */
export function trustedProxies(proxies: readonly string[]): (element: string | undefined) => boolean {
  const trusted = new BlockList();
  for (const network of proxies.flatMap((proxy) => NAMED_NETWORKS[proxy] ?? [proxy])) {
    const [address = '', bits] = network.split('/');
    const family = isIPv4(address) ? 'ipv4' : 'ipv6';
    if (bits === undefined) trusted.addAddress(address, family);
    else trusted.addSubnet(address, Number(bits), family);
  }
  return (element) => {
    const address = plainAddress(element);
    return address !== undefined && trusted.check(address, isIPv4(address) ? 'ipv4' : 'ipv6');
  };
}

function withoutZone(address: string): string {
  return address.replace(/%.*$/, '');
}
