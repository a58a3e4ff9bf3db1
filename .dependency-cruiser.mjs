// Imports run one way: the order of ARCHITECTURE.md as rules. build/dependencies.mjs runs them.

const PRODUCT = '^(api|controller|cli|console)/';
const SYSTEM = '^controller/systems/([^/]+)/';

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    rule('no-circular', 'Two files that need each other are one file, or miss a third.', {}, { circular: true }),
    rule('resolvable', 'What is imported must be there.', {}, { couldNotResolve: true }),
    rule('product-stands-alone', 'Tests and tools are no part of the product.', { path: PRODUCT }, { path: '^(test|build|bench)/' }),
    rule('no-dev-dependency', 'The product runs without devDependencies.', { path: PRODUCT }, {
      dependencyTypes: ['npm-dev'],
      dependencyTypesNot: ['type-only'],
    }),

    rule('api-knows-no-network', 'The API server knows nothing about networks.', { path: '^api/' }, {
      path: '^(controller|cli|console)/',
    }),
    rule('machinery-first', 'crds <- machinery <- schema, patch <- store <- registry <- server.', { path: '^api/machinery/' }, {
      path: '^api/(?!machinery/)',
    }),
    rule('schema-second', 'Schema and patch are pure: no store, registry or server.', { path: '^api/(schema|patch)/' }, {
      path: '^api/(store|registry|server)/',
    }),
    rule('schema-before-patch', 'A patch may ask the schema, not the other way.', { path: '^api/schema/' }, { path: '^api/patch/' }),
    rule('store-third', 'The store knows no registry and no server.', { path: '^api/store/' }, { path: '^api/(registry|server)/' }),
    rule('registry-fourth', 'The registry knows no server.', { path: '^api/registry/' }, { path: '^api/server/' }),

    rule('systems-know-no-kind', 'The host systems know neither kinds nor the API, only the machinery (clock).', { path: '^controller/systems/' }, {
      path: ['^controller/(?!systems/)', '^api/(?!machinery/)', '^(cli|console|crds)/'],
    }),
    rule('systems-apart', 'One host system knows nothing of another.', { path: SYSTEM }, {
      path: SYSTEM,
      pathNot: '^controller/systems/$1/',
    }),
    rule('protocol-inside', 'Only its own system speaks a protocol.', { path: '^', pathNot: [SYSTEM, '^test/'] }, {
      path: '^controller/systems/[^/]+/protocol/',
    }),
    rule('desired-is-pure', 'What is desired is computed from resources and facts alone.', { path: '^controller/desired/' }, {
      path: [
        '^controller/(?!desired/|systems/)',
        '^controller/systems/[^/]+/(?!desired\\.ts$|observed\\.ts$)',
        '^api/(?!machinery/|generated/)',
        '^(node:)?(fs|net|http|child_process)',
      ],
    }),
    rule('loop-ties', 'The loop knows its parts; they do not know the loop.', { path: '^controller/(client|desired|journal|safety|systems)/' }, {
      path: '^controller/(reconcile|main)',
    }),
    rule('controller-beside-api', 'The controller reaches resources through its client; only the composition root sees the API server.', {
      path: '^controller/',
      pathNot: ['^controller/client/', '^controller/main\\.ts$'],
    }, { path: '^api/(?!machinery/|generated/)' }),
    rule('clients-speak-http', 'bridgectl and the console know the API by HTTP only.', { path: '^(cli|console)/' }, {
      path: '^(api|controller|crds)/',
    }),

    rule('sql-in-two-places', 'SQL stands in the store and in the journal.', {
      path: PRODUCT,
      pathNot: '^(api/store|controller/journal)/',
    }, { path: 'node_modules/(@types/)?better-sqlite3/' }),
    rule('child-processes-through-exec', 'A child process starts through Exec, through Follow where it goes on printing, or through Dialogue where it is asked line by line; bridgectl has its own way.', {
      path: PRODUCT,
      pathNot: '^(controller/systems/(exec|dialogue|(netplan/)?follow)|cli/run-program)\\.ts$',
    }, { path: '^(node:)?child_process$' }),
    rule('timers-through-clock', 'Time and timers come from Clock.', {
      path: PRODUCT,
      pathNot: '^(api/machinery|cli)/clock\\.ts$',
    }, { path: '^(node:)?timers' }),
    rule('express-in-server', 'Express is a matter of the server.', { path: PRODUCT, pathNot: '^api/server/' }, {
      path: 'node_modules/(@types/)?express/',
    }),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|node_modules/\\.cache)/' },
    // Imports of types count: they too bind one part to another.
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'types', 'default'] },
  },
};

function rule(name, comment, from, to) {
  return { name, comment, severity: 'error', from, to };
}
