import { type Examples, file } from '../example.ts'

export const examples: Examples = {
  broken: [
    { title: 'of Compose', files: [file('srv/app/docker-compose.yml', 'x')] },
    { title: 'of Compose by its newer name', files: [file('srv/app/compose.prod.yaml', 'x')] },
    { title: 'what the build leaves out', files: [file('srv/app/.dockerignore', 'x')] },
    { title: 'the Dockerfile itself', files: [file('srv/app/Dockerfile')] },
  ],
  kept: [
    { title: 'a page about it', files: [file('srv/app/Dockerfile-notes.md', 'x')] },

    { title: 'one that a module brings', files: [file('srv/app/node_modules/x/Dockerfile')] },
    { title: 'a folder of that name', files: [file('srv/app/Dockerfiles/a')] },
  ],
}
