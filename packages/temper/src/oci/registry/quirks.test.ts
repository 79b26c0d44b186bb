import { storeConformance } from '../fixtures/store.conformance.ts'
import { login, open } from './fixtures/loopback/peers.ts'
import { type Behaviour, quirks } from './fixtures/loopback/quirks.ts'
import { LoopbackRegistry } from './fixtures/loopback/registry.ts'

for (const [name, behaviour] of Object.entries<Partial<Behaviour>>({ 'nothing of its own': {}, ...quirks })) {
  storeConformance(`a registry with ${name}`, {
    create: async () => {
      const registry = await LoopbackRegistry.start(behaviour)
      const options = behaviour.auth === undefined ? {} : { credentials: login }
      return { open: async () => open(registry.host, options), dispose: () => registry.stop() }
    },
  })
}

storeConformance('a registry that is sent chunks', {
  create: async () => {
    const registry = await LoopbackRegistry.start()
    const store = () => open(registry.host, { upload: { chunkSize: 300_000 } })
    return { open: async () => store(), dispose: () => registry.stop() }
  },
})
