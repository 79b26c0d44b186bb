import { type Examples, folder } from '../example.ts'

export const examples: Examples = {
  broken: [
    { title: 'the working directory', settings: { Env: ['PATH=/usr/bin:.'] } },
    { title: 'an empty name', settings: { Env: ['PATH=/usr/bin::/bin'] } },
    {
      title: 'a folder at home',
      settings: { Env: ['PATH=/home/app/bin:/usr/bin'] },
      files: [folder('home/app/bin', { uid: 65532, gid: 65532 })],
    },
  ],
  kept: [{ title: 'a folder that is not there', settings: { Env: ['PATH=/usr/local/bin:/usr/bin'] } }],
}
