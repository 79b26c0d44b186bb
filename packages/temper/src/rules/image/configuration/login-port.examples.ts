import type { Examples } from '../example.ts'

export const examples: Examples = {
  broken: [{ title: 'VNC', settings: { ExposedPorts: { '5900/tcp': {} } } }],
  kept: [{ title: 'a port near it', settings: { ExposedPorts: { '5901/tcp': {} } } }],
}
