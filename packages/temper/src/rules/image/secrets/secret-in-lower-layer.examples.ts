import { type Examples, file } from '../example.ts'
import { samplePassword } from './sample-secret.ts'

const settings = 'srv/app/application.properties'
const filler = file('srv/app/data', 'x'.repeat(4000))

export const examples: Examples = {
  broken: [
    {
      title: 'a password that the next layer deletes',
      over: [[file(settings, samplePassword), filler], [file('srv/app/.wh.application.properties', '')]],
    },
  ],
  kept: [
    {
      title: 'a stand-in that the next layer deletes',
      over: [
        [file(settings, 'DB_PASSWORD=change-me'), filler],
        [file('srv/app/.wh.application.properties', '')],
      ],
    },
  ],
}
