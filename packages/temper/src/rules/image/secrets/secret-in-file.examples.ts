import { type Examples, file } from '../example.ts'
import { samplePassword } from './sample-secret.ts'

export const examples: Examples = {
  broken: [
    { title: 'a password among settings', files: [file('srv/app/application.properties', samplePassword)] },
  ],
  kept: [
    { title: 'a stand-in for one', files: [file('srv/app/application.properties', 'DB_PASSWORD=change-me')] },
  ],
}
