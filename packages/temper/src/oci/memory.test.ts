import { createMemoryStore } from './memory.ts'
import { storeConformance } from './store.conformance.ts'

storeConformance('memory', {
  create: async () => {
    const store = createMemoryStore()
    return { open: async () => store }
  },
})
