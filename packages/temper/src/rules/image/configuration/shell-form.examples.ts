import type { Examples } from '../example.ts'

export const examples: Examples = {
  broken: [
    { title: 'one that ends at the first error', settings: { Cmd: ['/bin/bash', '-ec', 'app'] } },
    { title: 'one without a path', settings: { Cmd: ['ash', '-c', 'app'] } },
    { title: 'a command as one text', settings: { Cmd: ['/bin/sh', '-c', 'app --port 8080'] } },
  ],
  kept: [
    { title: 'a script', settings: { Cmd: ['/bin/sh', '/app.sh'] } },
    { title: 'an argument that is called like a shell', settings: { Cmd: ['--shell', '/bin/sh'] } },
  ],
}
