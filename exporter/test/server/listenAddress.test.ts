import { describe, expect, it } from 'vitest';
import { formatListenAddress, ListenAddressError, parseListenAddress } from '../../src/server/listenAddress.js';

describe('parseListenAddress', () => {
  it.each([
    [':10039', null, 10_039],
    ['127.0.0.1:0', '127.0.0.1', 0],
    ['0.0.0.0:65535', '0.0.0.0', 65_535],
    ['[::1]:10039', '::1', 10_039],
    ['[::]:0', '::', 0],
    ['[fe80::1%eth0]:9100', 'fe80::1%eth0', 9100],
    ['localhost:9000', 'localhost', 9000],
    ['metrics-1.example.test:9000', 'metrics-1.example.test', 9000],
  ])('reads %s, and writes it again', (text, host, port) => {
    expect(parseListenAddress(text)).toEqual({ host, port });
    expect(formatListenAddress({ host, port })).toBe(text);
  });

  it.each([
    ['', 'give host:port or :port'],
    ['localhost', 'give host:port or :port'],
    ['10039', 'a port needs a colon before it: :10039'],
    ['http://localhost:10039', 'without a scheme'],
    ['::1', 'an IPv6 address needs brackets'],
    ['::1:10039', 'an IPv6 address needs brackets'],
    ['[::1]', 'an IPv6 address needs brackets and a port'],
    ['[localhost]:9000', '"localhost" is not an IPv6 address'],
    ['[]:9000', '"" is not an IPv6 address'],
    [':65536', 'a number from 0 to 65535, not "65536"'],
    [':-1', 'a number from 0 to 65535, not "-1"'],
    [':', 'a number from 0 to 65535, not ""'],
    [':http', 'a number from 0 to 65535, not "http"'],
    [':1e3', 'a number from 0 to 65535, not "1e3"'],
    ['256.1.1.1:80', 'neither a host name nor an IP address'],
    ['1.2.3:80', 'neither a host name nor an IP address'],
    ['a b:80', 'neither a host name nor an IP address'],
    ['localhost:90 ', 'a number from 0 to 65535'],
  ])('refuses %j with the fix', (text, reason) => {
    expect(() => parseListenAddress(text)).toThrow(ListenAddressError);
    expect(() => parseListenAddress(text)).toThrow(reason);
    expect(() => parseListenAddress(text)).toThrow(JSON.stringify(text));
  });
});
