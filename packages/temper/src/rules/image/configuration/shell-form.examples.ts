import type { Examples } from '../example.ts'

export const examples: Examples = {
  broken: [{ title: 'a command as one text', settings: { Cmd: ['/bin/sh', '-c', 'app --port 8080'] } }],
  kept: [{ title: 'an argument that is called like a shell', settings: { Cmd: ['--shell', '/bin/sh'] } }],
}
