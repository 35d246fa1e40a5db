import { Option } from 'commander';
import { listenAddress } from '../optionValues.js';

/** The flag of the two processes that listen. */
export function listenOption(address: string): Option {
  return new Option('--web.listen-address <address>', `address to listen on, such as ${address} or 127.0.0.1${address}`)
    .argParser(listenAddress)
    .default(listenAddress(address), address);
}
