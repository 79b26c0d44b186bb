import { type Examples, file, folder } from '../example.ts'

export const examples: Examples = {
  broken: [{ title: 'a log of the build', files: [file('var/log/alternatives.log')] }],
  kept: [{ title: 'an empty folder', files: [folder('var/log/app')] }],
}
