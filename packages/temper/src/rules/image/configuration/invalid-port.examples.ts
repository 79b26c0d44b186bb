import type { Examples } from '../example.ts'

export const examples: Examples = {
  broken: [{ title: 'a number that is too large', settings: { ExposedPorts: { '65536/tcp': {} } } }],
  kept: [
    {
      title: 'a port without a protocol, and one of UDP',
      settings: { ExposedPorts: { '8080': {}, '5353/udp': {} } },
    },
  ],
}
