import type { Examples } from '../example.ts'

export const examples: Examples = {
  broken: [
    { title: 'zero', settings: { ExposedPorts: { '0/tcp': {} } } },
    { title: 'a protocol that is none', settings: { ExposedPorts: { '80/http': {} } } },
    { title: 'a word', settings: { ExposedPorts: { http: {} } } },
    { title: 'nothing', settings: { ExposedPorts: { '': {} } } },
    { title: 'a number that is too large', settings: { ExposedPorts: { '65536/tcp': {} } } },
  ],
  kept: [
    { title: 'the last one', settings: { ExposedPorts: { '65535': {} } } },

    {
      title: 'a port without a protocol, and one of UDP',
      settings: { ExposedPorts: { '8080': {}, '5353/udp': {} } },
    },
  ],
}
