// Why one request got no whole answer, in words.
import { connectionErrorText } from '../../model/connection-error.ts';
import type { ResponseParser } from '../engines/http/response-parser.ts';

type Received = Pick<ResponseParser, 'messageBytes' | 'bodyBytes'>;

/** A predicate of the URL, and what to do. */
export function askFailure(
  code: string,
  { messageBytes, bodyBytes }: Received,
  limitS: number,
  origin: string,
): string {
  const { protocol, hostname } = new URL(origin);
  const longer = `or wait longer: --timeout ${Math.ceil(2 * limitS)}`;
  if (code === 'TIMEOUT' && messageBytes > 0)
    return `began its response and did not end it within ${limitS} s (${bodyBytes} B of body). Check its Content-Length; a stream without end cannot be measured, ${longer}`;
  if (code === 'TIMEOUT')
    return `did not respond within ${limitS} s. Check that the target works and that no firewall blocks it, ${longer}`;
  if (code === 'STOPPED') return 'did not respond before the command was stopped. Run it again';
  if (code === 'ECONNREFUSED')
    return `refused the connection: nothing listens on that port. Start the target, or check the port${hostname === 'localhost' ? ' and the address: an app on IPv6 alone is at [::1]' : ''}`;
  if (/CERT|SELF_SIGNED|UNABLE_TO_VERIFY/.test(code))
    return `has an untrusted certificate (${code}). Install a valid one, or use --insecure`;
  if (code === 'EPROTO' || code === 'ERR_SSL_WRONG_VERSION_NUMBER')
    return `does not speak TLS as it should (${code}). Check that the port belongs to an HTTPS server, or use http://`;
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'cannot be resolved. Check the host name and the network';
  if (code === 'HTTP_NOT_HTTP') return `${connectionErrorText(code)}. Check that the port belongs to the web app`;
  if (code === 'HTTP_2') return `${connectionErrorText(code)}. Enable HTTP/1.1 on that port`;
  if (code === 'HTTP_TLS') return connectionErrorText(code);
  if (code.startsWith('HTTP_')) return `${connectionErrorText(code)}, which breaks HTTP/1.1. Fix the target`;
  if (code === 'CLOSED' || code === 'ECONNRESET') {
    const how = code === 'CLOSED' ? 'closed' : 'reset';
    if (messageBytes > 0) return `${how} the connection mid-response. Check the target's log`;
    const secure = protocol === 'http:' ? ', and use https:// if the port expects TLS' : '';
    return `${how} the connection before it responded. Check the target's log${secure}`;
  }
  return `cannot be reached (${code}). Check the address`;
}
