import type { Compliance, ControlResult } from '../../model/assess/compliance.ts'
import { nameUuid } from './name-uuid.ts'

type Json = Readonly<Record<string, unknown>>

/** Version of OSCAL that is written. */
const oscalVersion = '1.1.2'

/**
 * OSCAL assessment results (NIST OSCAL 1.1.2, assessment-results model). What rules saw are observations. A control that
 * the image breaks is a finding; one that it keeps is satisfied only where nothing is left for a person.
 */
export function oscalResults(compliance: Compliance): Json {
  const { framework, image, controls, assessed, generator } = compliance
  const uuid = (name: string) => nameUuid(`urn:temper:compliance:${key(compliance)}:${name}`)
  const plan = uuid('plan')
  const checked = controls.filter(({ evidence }) => evidence.length > 0)
  const decided = controls.filter(isDecided)
  return {
    'assessment-results': {
      uuid: uuid('results'),
      metadata: {
        title: `${framework.title}: ${image.reference}`,
        'last-modified': assessed,
        version: framework.version,
        'oscal-version': oscalVersion,
      },
      'import-ap': { href: `#${plan}` },
      results: [
        {
          uuid: uuid('result'),
          title: framework.title,
          description: `What rules of ${generator.name} ${generator.version} say of ${image.reference}${image.digest === undefined ? '' : ` (${image.digest})`}. Controls that only a person can judge have no finding.`,
          start: assessed,
          end: assessed,
          'reviewed-controls': {
            'control-selections': [
              { 'include-controls': controls.map(({ id }) => ({ 'control-id': controlToken(id) })) },
            ],
          },
          ...(checked.length === 0
            ? {}
            : { observations: checked.map((each) => observation(each, { compliance, uuid })) }),
          ...(decided.length === 0 ? {} : { findings: decided.map((each) => finding(each, uuid)) }),
        },
      ],
      'back-matter': {
        resources: [
          {
            uuid: plan,
            title: framework.source.document,
            description: `${framework.source.publisher}, ${framework.version}. There is no separate assessment plan: every control of the framework that an image can be held against was assessed.`,
          },
        ],
      },
    },
  }
}

/** Whether the image alone decides. */
function isDecided({ status, rest }: ControlResult): boolean {
  return status === 'fail' || (status === 'pass' && rest === undefined)
}

interface Names {
  readonly compliance: Compliance
  uuid(name: string): string
}

function observation(control: ControlResult, { compliance, uuid }: Names): Json {
  const { image, assessed } = compliance
  return {
    uuid: uuid(`observation ${control.id}`),
    title: titleOf(control),
    description: `${control.status}: ${control.reason}.${control.rest === undefined ? '' : ` Left for a person: ${control.rest}.`}`,
    props: [{ name: 'status', ns: 'urn:temper:compliance', value: control.status }],
    methods: ['TEST'],
    subjects: [{ 'subject-uuid': uuid('subject'), type: 'component', title: image.reference }],
    collected: assessed,
    'relevant-evidence': control.evidence.map(({ rule, title, outcome, findings, examples, why }) => ({
      href: './assessment.json',
      description: [
        `${rule} (${title}): ${outcome}`,
        ...(why === undefined ? [] : [why]),
        ...(findings === 0 ? [] : [`${findings} found: ${examples.join('; ')}`]),
      ].join(', '),
    })),
  }
}

function finding(control: ControlResult, uuid: Names['uuid']): Json {
  return {
    uuid: uuid(`finding ${control.id}`),
    title: titleOf(control),
    description: control.reason,
    target: {
      type: 'objective-id',
      'target-id': controlToken(control.id),
      status: { state: control.status === 'pass' ? 'satisfied' : 'not-satisfied' },
    },
    'related-observations': [{ 'observation-uuid': uuid(`observation ${control.id}`) }],
  }
}

function titleOf({ id, title }: ControlResult): string {
  return title === undefined ? id : `${id} ${title}`
}

/** An identifier as OSCAL takes it: "AC-6(10)" is "ac-6.10", "4.1" is "control-4.1". */
export function controlToken(id: string): string {
  const plain = id
    .toLowerCase()
    .replace(/\((\w+)\)/g, '.$1')
    .replace(/[^a-z0-9._-]+/g, '-')
  return /^[a-z_]/.test(plain) ? plain : `control-${plain}`
}

/** What results are told apart by: the same image, framework and time are the same results. */
function key({ framework, image, assessed }: Compliance): string {
  return [framework.id, image.digest ?? image.reference, image.platform ?? '', assessed].join(' ')
}
