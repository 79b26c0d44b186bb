import type { FactoryWorld } from '../factory/world.ts'
import { tell } from '../telling/tell.ts'
import { TemperError } from '../temper.ts'
import { noted } from '../watch/looks.ts'
import { readRecipeFolder } from './folder.ts'
import type { RecipeCheckout } from './repository.ts'

/**
 * Takes new commits of the recipes' repository. A commit without an allowed signature is reported once, and nothing
 * of it is built.
 */
export function watchRepository(
  world: FactoryWorld,
  checkout: RecipeCheckout,
): { look(): Promise<void>; end(): Promise<void> } {
  const { log } = world
  let [isFirst, told] = [true, '']
  const look = async () => {
    const { commit, isOther } = await checkout.take()
    // What was taken and not read: the service ended between the two.
    if (!isOther && !isFirst) return
    log.info({ commit }, 'recipes are read')
    await readRecipeFolder(world, checkout.folder)
    isFirst = false
    told = ''
  }
  const again = async () => {
    try {
      await noted(world, 'recipes', look)
    } catch (error) {
      log.warn({ err: error }, 'the repository of recipes cannot be taken')
      const { message } = error as Error
      if (!(error instanceof TemperError) || error.code !== 'not-verified' || told === message) return
      told = message
      await tell(world, { kind: 'recipes', image: null, digest: null, text: message, details: {} })
    }
  }
  let looking = again()
  const next = () => {
    looking = looking.then(again)
    return looking
  }
  const timer = setInterval(() => void next(), checkout.every)
  return {
    look: next,
    end: async () => {
      clearInterval(timer)
      await looking
    },
  }
}
