import { type Examples, file } from '../example.ts'

export const examples: Examples = {
  broken: [
    { title: 'that of Git', files: [file('root/.git-credentials', 'x')] },
    { title: 'that of AWS', files: [file('root/.aws/credentials', 'x')] },
    {
      title: 'that of Google',
      files: [file('root/.config/gcloud/application_default_credentials.json', '{}')],
    },
    { title: 'that of the registry', files: [file('root/.docker/config.json', '{}')] },
  ],
  kept: [
    { title: 'one that lies elsewhere', files: [file('srv/aws/credentials', 'x')] },
    { title: 'settings of the region', files: [file('root/.aws/config', '{}')] },
  ],
}
