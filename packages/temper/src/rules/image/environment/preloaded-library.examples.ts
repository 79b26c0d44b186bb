import type { Examples } from '../example.ts'

export const examples: Examples = {
  broken: [
    { title: 'an auditor', settings: { Env: ['LD_AUDIT=/usr/lib/audit.so'] } },
    { title: 'folders of libraries', settings: { Env: ['LD_LIBRARY_PATH=/opt/lib'] } },

    { title: 'an allocator by LD_PRELOAD', settings: { Env: ['LD_PRELOAD=/usr/lib/libjemalloc.so.2'] } },
  ],
  kept: [
    { title: 'one that is taken back', settings: { Env: ['LD_PRELOAD=/x.so', 'LD_PRELOAD='] } },
    { title: 'the variable without a value', settings: { Env: ['LD_PRELOAD='] } },
  ],
}
