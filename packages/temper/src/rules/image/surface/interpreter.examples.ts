import { type Examples, link, program } from '../example.ts'
import { plainProgram } from '../plain-image.ts'

export const examples: Examples = {
  broken: [
    {
      title: 'Perl, under two names',
      files: [program('usr/bin/perl5.40.1', plainProgram), link('usr/bin/perl', 'perl5.40.1')],
    },
  ],
  kept: [
    {
      title: 'Python, which the script is for that is started',
      settings: { Entrypoint: ['/usr/bin/app'], Env: ['PATH=/usr/bin'] },
      files: [program('usr/bin/python3', plainProgram), program('usr/bin/app', '#!/usr/bin/env python3\n')],
    },
    {
      title: 'Node.js, found by its name',
      settings: { Cmd: ['node', 'server.js'] },
      files: [program('usr/bin/node', plainProgram)],
    },
  ],
}
