import * as z from 'zod'
import { show } from '../document/problem.ts'
import { command, folderPath, form, texts } from './scalar.ts'

const output = z
  .union([z.string().max(64 * 1024), z.array(z.string().max(64 * 1024)).max(100)], {
    error: (issue) => `expected text or a list of texts, found ${show(issue.input)}`,
  })
  .optional()
  .meta({
    description: 'Text that standard output or standard error must contain; a list: each of them.',
    examples: ['ok'],
  })

const http = z
  .strictObject({
    port: z
      .int()
      .min(1)
      .max(65535)
      .meta({ description: 'Port in the container.', examples: [8080] }),
    path: form(/^\/[\x21-\x7e]*$/, 'a path like "/health"', { max: 2048 })
      .optional()
      .meta({ description: 'Path to ask for. Default: /.', examples: ['/health'] }),
    status: z
      .int()
      .min(100)
      .max(599)
      .optional()
      .meta({ description: 'Expected status. Default: 200.', examples: [200] }),
    body: z
      .string()
      .max(64 * 1024)
      .optional()
      .meta({ description: 'Text that the answer must contain.', examples: ['Welcome'] }),
  })
  .meta({ id: 'http' })

const exec = z
  .strictObject({
    command: command.meta({
      description: 'Command to run inside; it must exit with 0.',
      examples: [['/usr/bin/app', '--check']],
    }),
    output,
  })
  .meta({ id: 'exec' })

export const recipeTest = z
  .strictObject({
    name: z
      .string()
      .min(1)
      .max(255)
      .meta({ description: 'What is shown, for people.', examples: ['serves a page'] }),
    command: command.optional().meta({
      description: 'Replaces entrypoint and cmd. Default: those of the image.',
      examples: [['/usr/sbin/nginx', '-t']],
    }),
    environment: texts(/^[^=\s]+$/, 'a variable name')
      .optional()
      .meta({ description: 'Variables besides those of the image.', examples: [{ MODE: 'test' }] }),
    stdin: z
      .string()
      .max(64 * 1024)
      .optional()
      .meta({ description: 'Text for standard input. Default: nothing to read.', examples: ['1 + 1\n'] }),
    'exit-code': z
      .int()
      .min(0)
      .max(255)
      .optional()
      .meta({ description: 'Expected exit code of a command that ends. Default: 0.', examples: [0] }),
    output,
    http: http.optional().meta({
      description: 'The service keeps running and must answer this.',
      examples: [{ port: 8080, path: '/', status: 200 }],
    }),
    exec: z
      .array(exec)
      .max(100)
      .optional()
      .meta({
        description:
          'Commands to run inside, one after the other, while the service is up. Without "http" the first is tried again until it succeeds or the time is over, since the service may still be starting; what fails after that is final.',
        examples: [[{ command: ['/usr/bin/pg_isready'] }]],
      }),
    writable: z
      .array(folderPath)
      .max(100)
      .optional()
      .meta({
        description:
          'Folders that are writable in this test (empty, in memory), besides the volumes and the folders that belong to the runtime user. Permissions and owner stay those of the image where they let the user write.',
        examples: [['/tmp']],
      }),
    timeout: z
      .int()
      .min(1)
      .max(3600)
      .optional()
      .meta({ description: 'Seconds after which the test has failed. Default: 30.', examples: [30] }),
  })
  .meta({ id: 'test' })
