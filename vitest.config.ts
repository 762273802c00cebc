import { defineConfig, type Plugin } from 'vitest/config'

/**
 * xstate has two builds: production, which is what users of hookline run, and development, which checks more and warns.
 * Vite picks by NODE_ENV, so that tests would never see the first.
 */
function xstateBuild(build: 'production' | 'development'): Plugin {
  return {
    name: 'xstate-build',
    configResolved(config) {
      const resolvers = [config, config.ssr, ...Object.values(config.environments)].map(({ resolve }) => resolve)
      for (const resolve of resolvers) {
        const conditions = resolve?.conditions
        const index = conditions?.indexOf('development|production') ?? -1
        if (index !== -1) conditions?.splice(index, 1, build)
      }
    },
  }
}

export default defineConfig(({ mode }) => ({
  plugins: [xstateBuild(mode === 'development' ? 'development' : 'production')],
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: 'test/support/build-package.ts',
    // A process per file: what one test file leaves open cannot reach another.
    pool: 'forks',
    testTimeout: 10_000,
    hookTimeout: 10_000,
    coverage: { include: ['src/**/*.ts', 'machines/**/*.ts'] },
  },
}))
