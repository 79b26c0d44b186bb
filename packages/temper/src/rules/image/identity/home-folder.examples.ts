import { type Examples, folder } from '../example.ts'

export const examples: Examples = {
  broken: [
    { title: 'a home that is not there', without: ['home/app'] },
    { title: 'the home of somebody else', files: [folder('home/app', { mode: 0o700, uid: 0, gid: 65532 })] },
  ],
  kept: [
    {
      title: 'a home of root that everybody reads',
      files: [folder('home/app')],
    },
    {
      title: 'another one by HOME',
      without: ['home/app'],
      settings: { Env: ['PATH=/usr/bin', 'HOME=/tmp'] },
    },
  ],
}
