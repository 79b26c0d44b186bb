import { type Examples, file } from '../example.ts'

const large = 'x'.repeat(200_000)

export const examples: Examples = {
  broken: [
    {
      title: 'a file that a later instruction copies',
      over: [[file('srv/a.bin', large)], [file('srv/b.bin', large)]],
    },
  ],
  kept: [
    {
      title: 'two names of a file in one layer',
      over: [[file('srv/a.bin', large), file('srv/b.bin', large)]],
    },
    { title: 'a small file', over: [[file('srv/a', 'x')], [file('srv/b', 'x')]] },
  ],
}
