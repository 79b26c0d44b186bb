import type { Examples } from '../example.ts'

export const examples: Examples = {
  broken: [
    {
      title: 'curl, which is not there',
      settings: { Healthcheck: { Test: ['CMD', 'curl', '-f', 'localhost'] } },
    },
    {
      title: 'a text for a shell that is not there',
      settings: { Healthcheck: { Test: ['CMD-SHELL', 'app ping'] } },
    },
  ],
  kept: [{ title: 'the program itself', settings: { Healthcheck: { Test: ['CMD', 'app', 'ping'] } } }],
}
