import type { Examples } from '../example.ts'

export const examples: Examples = {
  broken: [{ title: 'a port and no check', settings: { Healthcheck: {} } }],
  kept: [
    { title: 'no port and no check', settings: { Healthcheck: {}, ExposedPorts: {} } },
    {
      title: 'a check by a program of the image',
      settings: { Healthcheck: { Test: ['CMD', '/usr/bin/app', 'ping'] } },
    },
  ],
}
