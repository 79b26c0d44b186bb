import { type Examples, program } from '../example.ts'
import { plainProgram } from '../plain-image.ts'

export const examples: Examples = {
  broken: [
    { title: 'vi in usr/bin', files: [program('usr/bin/vi', plainProgram)] },
    { title: 'vim.tiny in usr/bin', files: [program('usr/bin/vim.tiny', plainProgram)] },
    { title: 'emacs-nox in usr/bin', files: [program('usr/bin/emacs-nox', plainProgram)] },
    { title: 'ed in bin', files: [program('bin/ed', plainProgram)] },
    { title: 'nano', files: [program('usr/bin/nano', plainProgram)] },
  ],
  kept: [
    { title: 'visit in usr/bin', files: [program('usr/bin/visit', plainProgram)] },
    { title: 'vi in srv', files: [program('srv/vi', plainProgram)] },

    { title: 'a program that is only called nearly so', files: [program('usr/bin/nanod', plainProgram)] },
  ],
}
