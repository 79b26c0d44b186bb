import { type Examples, file, link, program } from '../example.ts'
import { plainProgram } from '../plain-image.ts'

export const examples: Examples = {
  broken: [
    { title: 'a program that is not there', settings: { Entrypoint: ['/usr/bin/server'] } },
    { title: 'one that only root may run', files: [file('usr/bin/app', plainProgram, { mode: 0o700 })] },
    { title: 'a link into nothing', files: [link('usr/bin/app', '/opt/app')] },
  ],
  kept: [
    {
      title: 'one by a link to another folder',
      settings: { Entrypoint: ['/bin/app'] },
      files: [link('bin', 'usr/bin')],
    },
    {
      title: 'one that only its group may run',
      files: [{ ...program('usr/bin/app', plainProgram), mode: 0o750, gid: 65532 }],
    },
  ],
}
