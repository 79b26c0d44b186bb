import type { Examples } from '../example.ts'

export const examples: Examples = {
  broken: [
    { title: 'the last of them', settings: { ExposedPorts: { '1023/udp': {} } } },
    { title: 'port 80', settings: { ExposedPorts: { '80/tcp': {} } } },
  ],
  kept: [{ title: 'port 1024', settings: { ExposedPorts: { '1024/tcp': {} } } }],
}
