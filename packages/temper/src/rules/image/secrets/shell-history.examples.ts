import { type Examples, file } from '../example.ts'

export const examples: Examples = {
  broken: [
    { title: 'that of Python', files: [file('home/app/.python_history', 'x')] },
    { title: 'that of psql', files: [file('root/.psql_history', 'x')] },
    { title: 'that of a pager', files: [file('root/.lesshst', 'x')] },
    { title: 'that of bash', files: [file('root/.bash_history', 'ls')] },
  ],
  kept: [
    { title: 'a name that goes on', files: [file('root/.bash_history_settings', 'x')] },
    { title: 'another file of bash', files: [file('root/.bash_logout', 'ls')] },
  ],
}
