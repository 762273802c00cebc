// Which file may import which, resolved to real files. Each comment gives the reason.
const subPaths = '^src/(testing|inspect|diagram|recorded|what-if|sqlite|cluster|server|cli)/'
// Programs and pages that the build bundles whole: what they import is inside them, and no user installs it.
const bundled = '^src/(cli|diagram|inspect/page)/'
const notShipped = '^(bench|examples|test|docs|scripts|tools)/'

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'no-circular',
      comment: 'Files that need each other cannot be read, tested or loaded one before the other.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'no-orphans',
      comment: 'A file that nothing imports and that imports nothing is code nobody runs.',
      severity: 'error',
      from: { orphan: true, pathNot: '/index\\.ts$' },
      to: {},
    },
    {
      name: 'machines-import-only-xstate-and-types',
      comment: 'A machine says what may happen and does nothing: it runs live, in a replay and in a graph walk alike.',
      severity: 'error',
      from: { path: '^machines/' },
      to: { pathNot: ['^machines/', '^node_modules/xstate/'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'core-imports-no-sub-path',
      comment: 'Whoever takes only the core would load, and have to install, what the sub-path needs.',
      severity: 'error',
      from: { path: '^src/', pathNot: subPaths },
      to: { path: subPaths },
    },
    {
      name: 'sub-paths-import-one-way',
      comment: 'What reads or draws a log is used by those who show or run it again, and the program uses them all.',
      severity: 'error',
      from: { path: '^src/(testing|diagram|recorded)/' },
      to: { path: subPaths, pathNot: '^src/$1/' },
    },
    {
      name: 'inspect-imports-what-it-shows',
      comment: 'Whoever looks into a service would load what tests it, or runs it again, otherwise.',
      severity: 'error',
      from: { path: '^src/inspect/' },
      to: { path: subPaths, pathNot: '^src/(inspect|recorded|diagram)/' },
    },
    {
      name: 'what-if-imports-what-it-runs',
      comment: 'It needs a recorded log and a simulated world, and no one to show them.',
      severity: 'error',
      from: { path: '^src/what-if/' },
      to: { path: subPaths, pathNot: '^src/(what-if|recorded|testing)/' },
    },
    {
      name: 'sqlite-imports-the-core-alone',
      comment:
        'A home of the log is loaded by every service that has one: what shows or tests a log has no place in it.',
      severity: 'error',
      from: { path: '^src/sqlite/' },
      to: { path: subPaths, pathNot: '^src/sqlite/' },
    },
    {
      name: 'program-alone-imports-sqlite',
      comment: 'Whoever does not keep a log in a file would need what opens one.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(sqlite|cli)/' },
      to: { path: '^src/sqlite/' },
    },
    {
      name: 'server-imports-the-core-alone',
      comment:
        'It serves whatever service it is given: where that keeps its log, and who started it, is not its matter.',
      severity: 'error',
      from: { path: '^src/server/' },
      to: { path: subPaths, pathNot: '^src/server/' },
    },
    {
      name: 'program-alone-imports-the-server',
      comment: 'Whoever serves nothing would need what the server needs.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(server|cli)/' },
      to: { path: '^src/server/' },
    },
    {
      name: 'server-alone-imports-its-packages',
      comment: 'They are optional peers: whoever does not use the server must be able to load everything else.',
      severity: 'error',
      from: { path: '^(src|machines)/', pathNot: '^src/(server|cli)/' },
      to: { path: '^node_modules/(fastify|@fastify|typebox|prom-client)/' },
    },
    {
      name: 'server-loads-its-packages-late',
      comment: 'One that is missing could not be named otherwise: only what load-app.ts loads may import them.',
      severity: 'error',
      from: { path: '^src/server/(index|create-server|load-app|server-[^/]*)\\.ts$' },
      to: {
        path: '^(node_modules/(fastify|@fastify|typebox|prom-client)/|src/server/(http|routes)/)',
        dependencyTypesNot: ['type-only', 'dynamic-import'],
      },
    },
    {
      name: 'sqlite-driver-alone-imports-a-driver',
      comment: 'Each is loaded only when it is used: neither is there on every Node, and one is an optional peer.',
      severity: 'error',
      from: { path: '^(src|machines)/' },
      to: { path: '^(node:sqlite$|node_modules/better-sqlite3/)', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'shipped-imports-only-shipped',
      comment: 'The package does not hold these folders: the import would work here and fail at the user.',
      severity: 'error',
      from: { path: '^(src|machines)/' },
      to: { path: notShipped },
    },
    {
      name: 'shipped-imports-no-dev-dependency',
      comment: 'A user does not have it: the import would work here and fail there.',
      severity: 'error',
      from: { path: '^(src|machines)/', pathNot: bundled },
      to: {
        dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown', 'unknown', 'undetermined'],
        // An optional peer stands among the dev dependencies too, for the tests.
        dependencyTypesNot: ['npm-peer'],
      },
    },
    {
      name: 'verify-stands-alone',
      comment: 'A receiver takes hookline/verify without the delivery engine behind it, however many imports away.',
      severity: 'error',
      from: { path: '^src/verify/' },
      to: {
        reachable: true,
        path: '^(src|machines|node_modules)/',
        pathNot: '^src/(verify|signing|options|errors|clock)/',
      },
    },
    {
      name: 'ids-alone-import-nanoid',
      comment: 'Ids come in through the port: a replayed run could not give the same ones otherwise.',
      severity: 'error',
      from: { path: '^(src|machines)/', pathNot: '^src/ids/' },
      to: { path: '^node_modules/nanoid/' },
    },
    {
      name: 'stately-alone-imports-its-inspector',
      comment: 'It is an optional peer dependency: whoever does not use it must be able to load everything else.',
      severity: 'error',
      from: { path: '^(src|machines)/', pathNot: '^src/inspect/stately/' },
      to: { path: '^node_modules/(@statelyai|ws)/' },
    },
    {
      name: 'no-buckets',
      comment: 'A file is named for the one idea it holds; a bucket collects what nobody finds again.',
      severity: 'error',
      from: {},
      to: { path: '/(utils|helpers|types|common|misc|shared)(/|\\.ts$)', pathNot: '^node_modules/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default', 'types'] },
  },
}
