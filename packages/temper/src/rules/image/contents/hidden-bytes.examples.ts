import { type Examples, file } from '../example.ts'

const large = 'x'.repeat(200_000)

export const examples: Examples = {
  broken: [
    {
      title: 'an archive that the next layer deletes',
      over: [[file('srv/a.bin', large)], [file('srv/.wh.a.bin', '')]],
    },
    {
      title: 'a folder that the next layer empties',
      over: [[file('srv/data/a.bin', large)], [file('srv/data/.wh..wh..opq', '')]],
    },
    {
      title: 'a file that the next layer brings again, owned by another',
      over: [[file('srv/a.bin', large, { uid: 1, mode: 0o444 })], [file('srv/a.bin', large)]],
    },
  ],
  kept: [
    { title: 'a large file that stays', over: [[file('srv/a.bin', large)]] },
    {
      title: 'a line that the next layer changes in a large layer',
      over: [[file('srv/a.bin', large), file('srv/b', 'old')], [file('srv/b', 'new')]],
    },
  ],
}
