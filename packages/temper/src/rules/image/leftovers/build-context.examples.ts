import { type Examples, file } from '../example.ts'

export const examples: Examples = {
  broken: [{ title: 'the Dockerfile itself', files: [file('srv/app/Dockerfile')] }],
  kept: [
    { title: 'one that a module brings', files: [file('srv/app/node_modules/x/Dockerfile')] },
    { title: 'a folder of that name', files: [file('srv/app/Dockerfiles/a')] },
  ],
}
