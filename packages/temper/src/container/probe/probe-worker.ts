import { askLoopback } from '../engine/http-answer.ts'

/** What probe.ts sends: one request at a time. */
interface Question {
  readonly port: number
  readonly path: string
}

/**
 * A process of probe.ts in the network of a container, outside its file system: asks loopback ports there
 * and sends back the answers. Ends when its parent does.
 */
process.on('message', (question: Question) => {
  void askLoopback(question.port, question.path).then((answer) => process.send?.({ answer }))
})
