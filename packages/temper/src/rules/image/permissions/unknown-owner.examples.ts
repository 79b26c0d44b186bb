import { type Examples, file, folder } from '../example.ts'

export const examples: Examples = {
  broken: [
    {
      title: 'folders of the one who built it',
      files: [folder('srv/a', { uid: 1000 }), folder('srv/b', { uid: 1000 })],
    },
    { title: 'a file of a group that is not there', files: [file('srv/a', 'x', { gid: 42 })] },
  ],
  kept: [
    {
      title: 'files of the account that is there',
      files: [folder('home/app/x', { uid: 65532, gid: 65532 })],
    },
  ],
}
