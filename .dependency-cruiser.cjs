/**
 * The import rules of the house: each rule says why it is there. A folder that no rule of `layers` names fails too, so that
 * a new layer is a decision and not an accident.
 */

/** What each part of the engine may import: earlier stages only, and backends never each other. */
const STAGES = {
  diagnostics: [],
  dialects: ['diagnostics'],
  xml: ['diagnostics'],
  protocols: ['diagnostics'],
  ipsets: ['diagnostics', 'protocols'],
  nwfilter: ['diagnostics', 'dialects', 'xml', 'protocols'],
  language: ['diagnostics', 'dialects', 'xml', 'protocols', 'nwfilter'],
  graph: ['diagnostics', 'nwfilter'],
  checks: ['diagnostics', 'dialects', 'xml', 'protocols', 'nwfilter', 'graph'],
  instantiate: ['diagnostics', 'dialects', 'protocols', 'nwfilter', 'graph'],
  placement: ['diagnostics', 'dialects', 'protocols', 'nwfilter', 'instantiate'],
  'backends/ebiptables': ['diagnostics', 'dialects', 'protocols', 'nwfilter', 'instantiate', 'placement'],
  'backends/nftables': ['diagnostics', 'dialects', 'protocols', 'ipsets', 'nwfilter', 'instantiate', 'placement'],
  trace: [
    'diagnostics',
    'dialects',
    'protocols',
    'nwfilter',
    'instantiate',
    'placement',
    'backends/ebiptables',
    'backends/nftables',
  ],
  network: ['diagnostics', 'dialects', 'xml', 'nwfilter'],
  builtin: ['nwfilter'],
}

/** What each part outside the engine may import of our own code. The engine is reached through its index alone. */
const LAYERS = {
  app: ['app', 'components', 'server'],
  components: ['components', 'server/api', 'engine/index'],
  'server/store': ['server/store', 'engine/index'],
  'server/auth': ['server/auth', 'server/store', 'server/agents'],
  'server/agents': ['server/agents', 'server/store', 'agent/link', 'engine/index'],
  'server/api': [
    'server/api',
    'server/store',
    'server/auth',
    'server/agents',
    'agent/link',
    'agent/reconcile',
    'engine/index',
  ],
  'agent/exec': ['agent/exec'],
  'agent/reconcile': ['agent/reconcile', 'agent/learn', 'agent/link/contract', 'engine/index'],
  'agent/apply': ['agent/apply', 'agent/exec', 'agent/reconcile', 'agent/link/contract', 'engine/index'],
  'agent/observe': ['agent/observe', 'agent/exec', 'agent/reconcile', 'agent/link/contract', 'engine/index'],
  'agent/lab': ['agent/lab', 'agent/exec'],
  'agent/learn': ['agent/learn', 'agent/exec', 'engine/index'],
  'agent/preflight': ['agent/preflight', 'agent/exec', 'engine/index'],
  'agent/install': ['agent/install', 'agent/exec', 'agent/link/contract', 'engine/index'],
  'agent/discover': ['agent/discover', 'engine/index'],
  'agent/host': [
    'agent/host',
    'agent/apply',
    'agent/exec',
    'agent/install/places',
    'agent/learn',
    'agent/link/contract',
    'agent/log',
    'agent/observe',
    'agent/reconcile',
    'engine/index',
  ],
  'agent/link': [
    'agent/link',
    'agent/log',
    'agent/learn/learning-view',
    'agent/exec/peer-of',
    'agent/host',
    'agent/lab',
    'agent/preflight',
    'engine/index',
  ],
  agent: ['agent', 'engine/index'],
  bin: ['bin', 'agent', 'server/auth', 'server/store', 'server/agents', 'engine/index'],
}

const own = '^(app|components|engine|agent|server|bin)/'
const paths = (names) => names.map((name) => `^${name}(/|\\.ts$|$)`)

const stages = Object.entries(STAGES).map(([stage, earlier]) => ({
  name: `engine-${stage.replace('/', '-')}`,
  comment: `${stage} comes before what it would import here: a stage imports earlier stages only, and backends never each other`,
  severity: 'error',
  from: { path: `^engine/${stage}/` },
  to: { path: '^engine/', pathNot: paths([stage, ...earlier].map((name) => `engine/${name}`)) },
}))

const layers = Object.entries(LAYERS).map(([layer, allowed]) => ({
  name: `layer-${layer.replace('/', '-')}`,
  comment: `data flows one way: ${layer} may import ${allowed.join(', ')}`,
  severity: 'error',
  from: {
    path: layer === 'agent' ? '^agent/[^/]+$' : `^${layer}/`,
  },
  to: { path: own, pathNot: paths(allowed) },
}))

const layerNames = Object.keys(LAYERS).map((layer) => (layer === 'agent' ? '^agent/[^/]+$' : `^${layer}/`))
const stageNames = Object.keys(STAGES).map((stage) => `^engine/${stage}/`)

module.exports = {
  forbidden: [
    ...stages,
    ...layers,
    {
      name: 'every-folder-has-its-place',
      comment: 'a folder that the tables above do not name has no place in the house yet: give it one there',
      severity: 'error',
      from: { path: own, pathNot: [...layerNames, ...stageNames, '^engine/[^/]+\\.ts$'] },
      to: {},
    },
    {
      name: 'engine-is-pure',
      comment: 'the engine runs in a browser worker, the server and the agent alike: it imports nothing outside itself',
      severity: 'error',
      from: { path: '^engine/' },
      to: { pathNot: '^engine/' },
    },
    {
      name: 'one-place-spawns',
      comment: 'arguments reach a process through agent/exec alone, where they are arrays and never a shell text',
      severity: 'error',
      from: { path: own, pathNot: '^agent/exec/' },
      to: { path: '^(node:)?(child_process|cluster)$' },
    },
    {
      name: 'one-place-knows-the-database',
      comment: 'Prisma and SQLite stay behind server/store, so that the rest knows filters and bindings, not rows',
      severity: 'error',
      from: { path: own, pathNot: '^server/store/' },
      to: { path: '(^|/)(@prisma|prisma|better-sqlite3|@prisma/[^/]+)/|^server/store/generated' },
    },
    {
      name: 'generic-parts-stay-generic',
      comment: 'components/ui knows neither the router, nor tRPC, nor the engine',
      severity: 'error',
      from: { path: '^components/ui/' },
      to: { path: '(^|/)(@trpc|next)/|^engine/|^server/|^components/(?!ui/)' },
    },
    {
      name: 'browser-knows-the-server-by-type',
      comment: 'server code never ends up in the browser: components take its types and nothing else',
      severity: 'error',
      from: { path: '^components/' },
      to: { path: '^(server|agent)/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'nothing-hangs-in-the-air',
      comment: 'an import that cannot be resolved is not checked by any of the other rules',
      severity: 'error',
      from: { path: own },
      to: { couldNotResolve: true },
    },
    {
      name: 'no-circle',
      comment: 'two files that need each other are one file, or three',
      severity: 'error',
      from: { path: own },
      to: { circular: true },
    },
    {
      name: 'product-needs-no-tests',
      comment: 'the product runs without its tests and benchmarks',
      severity: 'error',
      from: { path: own },
      to: { path: '^(tests|e2e|bench|scripts)/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^server/store/generated' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default'],
      extensions: ['.ts', '.tsx', '.mjs', '.js'],
    },
  },
}
