import { type Examples, file } from '../example.ts'

export const examples: Examples = {
  broken: [{ title: 'that of the registry', files: [file('root/.docker/config.json', '{}')] }],
  kept: [{ title: 'settings of the region', files: [file('root/.aws/config', '{}')] }],
}
