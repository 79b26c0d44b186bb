import type { FactoryWorld } from '../../../factory/world.ts'
import type { Api } from '../../app.ts'
import type { ApiWorld } from '../../world.ts'
import { addAdvisoryRoutes } from './advisories.ts'
import { addBuildRoutes } from './builds.ts'
import { addChannelRoutes } from './channels.ts'
import { addEventRoute } from './events.ts'
import { addExportRoutes } from './exports.ts'
import { addFeedRoute } from './feeds.ts'
import { addImageRoutes } from './images.ts'
import { addJobRoutes } from './jobs.ts'
import { addKeyRoutes } from './key.ts'
import { addMeasureRoutes } from './measures.ts'
import { addRecipeRoutes } from './recipes.ts'
import { addRunningRoutes } from './running.ts'
import { addWaiverRoutes } from './waivers.ts'
import { addWatchedRoutes } from './watched.ts'
import { addWorkerRoutes } from './workers.ts'

/** The routes of a service that builds images. */
export function addFactoryRoutes(app: Api, factory: FactoryWorld, world: ApiWorld): void {
  addRecipeRoutes(app, factory, world)
  addJobRoutes(app, factory, world)
  addFeedRoute(app, factory)
  addBuildRoutes(app, factory, world)
  addImageRoutes(app, factory)
  addChannelRoutes(app, factory, world)
  addAdvisoryRoutes(app, factory)
  addMeasureRoutes(app, factory)
  addKeyRoutes(app, factory, world)
  addEventRoute(app, factory)
  addWaiverRoutes(app, factory, world)
  addRunningRoutes(app, factory)
  addWatchedRoutes(app, factory, world)
  addExportRoutes(app, factory, world)
  if (factory.workers !== undefined) addWorkerRoutes(app, factory.workers.pool)
}
