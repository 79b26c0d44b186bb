import type { Examples } from '../example.ts'

export const examples: Examples = {
  broken: [
    { title: 'a name', settings: { Entrypoint: ['app'] } },
    {
      title: 'a path from the working directory',
      settings: { Entrypoint: ['./app'], WorkingDir: '/usr/bin' },
    },
  ],
  kept: [{ title: 'an argument that is relative', settings: { Cmd: ['./settings'] } }],
}
