import { type Examples, program } from '../example.ts'
import { plainProgram } from '../plain-image.ts'

export const examples: Examples = {
  broken: [{ title: 'apk', files: [program('usr/bin/apk', plainProgram)] }],
  kept: [
    { title: 'a program that is only called nearly so', files: [program('usr/bin/apropos', plainProgram)] },
  ],
}
