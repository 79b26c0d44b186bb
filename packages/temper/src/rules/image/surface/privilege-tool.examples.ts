import { type Examples, program } from '../example.ts'
import { plainProgram } from '../plain-image.ts'

export const examples: Examples = {
  broken: [{ title: 'gosu', files: [program('usr/local/bin/gosu', plainProgram)] }],
  kept: [
    {
      title: 'a program that is only called nearly so',
      files: [program('usr/local/bin/gosub', plainProgram)],
    },
  ],
}
