import { testLog } from '../support/conformance-cases.ts'
import { modelLogFactory } from '../support/model-log-factory.ts'

testLog('the model of a durable log', modelLogFactory)
