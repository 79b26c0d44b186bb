import { type Examples, file, folder } from '../example.ts'

export const examples: Examples = {
  broken: [{ title: 'a program of the runtime user', files: [file('srv/app.js', 'x', { uid: 65532 })] }],
  kept: [
    { title: 'a file in its home', files: [file('home/app/state', 'x', { uid: 65532 })] },
    { title: 'a folder for what a service writes', files: [folder('var/lib/app', { uid: 65532 })] },
    {
      title: 'a file in a volume',
      settings: { Volumes: { '/data': {} } },
      files: [file('data/state', 'x', { uid: 65532 })],
    },
  ],
}
