import type { LogHome } from '../../src/log/log-home.ts'
import type { LogFactory } from '../../src/testing/index.ts'
import { ModelLog } from './model-log.ts'

/** Homes of the model. */
export const modelLogFactory: LogFactory & Required<Pick<LogFactory, 'reopen' | 'crash'>> = {
  open: () => new ModelLog(),
  async reopen(home) {
    await home.close?.()
    return model(home).again()
  },
  crash(home) {
    model(home).die()
    return model(home).again()
  },
}

function model(home: LogHome): ModelLog {
  if (home instanceof ModelLog) return home
  throw new Error('the home is no model')
}
