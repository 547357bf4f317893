// The rules of dependency-cruiser: imports run only downwards, nothing runs in circles. test/architecture/layers.test.ts runs them.
const LAYERS = ['common', 'config', 'infrastructure', 'protocols', 'serverless-jobs', 'platform', 'features', 'bootstrap'];
const FEATURES = ['companies', 'pipelines', 'people', 'deals', 'recruiting', 'resume-analysis', 'candidate-ranking', 'resume-optimization'];

const error = (name, from, to) => ({ name, severity: 'error', from, to });
const above = (list, index) => list.slice(index + 1).join('|');

module.exports = {
  forbidden: [
    error('no-cycle', {}, { circular: true }),
    ...LAYERS.slice(0, -1).map((layer, index) => error(`${layer}-imports-downwards`, { path: `^src/${layer}/` }, { path: `^src/(?:(?:${above(LAYERS, index)})/|app\\.module|cli/|main\\.ts)` })),
    ...FEATURES.slice(0, -1).map((feature, index) => error('features-reach-earlier-ones', { path: `^src/features/${feature}/` }, { path: `^src/features/(?:${above(FEATURES, index)})/` })),
    error('services-know-no-protocol', { path: '\\.(service|entity|jobs|events|permissions)\\.ts$' }, { path: '\\.(resolver|controller|tools|module)\\.ts$' }),
    error('resolvers-touch-no-table', { path: '\\.(resolver|controller|tools)\\.ts$' }, { path: '^typeorm$|node_modules/typeorm/', dependencyTypesNot: ['type-only'] }),
    error('clients-stay-in-adapters', { path: '^src/', pathNot: '^src/(infrastructure|serverless-jobs/transports|qstash-server)/' }, { path: '^(pg|ioredis|@upstash/qstash|bullmq|ai|@ai-sdk/[a-z-]+|aws4fetch)$|node_modules/(pg|ioredis|@upstash/qstash|bullmq|ai|@ai-sdk|aws4fetch)/', dependencyTypesNot: ['type-only'] }),
    error('nothing-imports-what-stands-beside', { path: '^src/', pathNot: '^src/(web|qstash-server)/' }, { path: '^src/(web|qstash-server)/' }),
    error('beside-imports-itself', { path: '^src/(web|qstash-server)/' }, { path: '^src/', pathNot: '^src/($1|common)/' }),
    error('migrations-stand-alone', { path: '^migrations/' }, { path: '^src/' }),
    error('doors-know-the-bootstrap-only', { path: '^api/' }, { path: '^src/', pathNot: '^src/bootstrap/' }),
  ],
  options: { doNotFollow: { path: 'node_modules' }, exclude: { path: '^dist/' }, tsPreCompilationDeps: true, tsConfig: { fileName: 'tsconfig.json' }, enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'types', 'node', 'default'] } },
};
