/** `hookline/inspect`: looking into a running service, or into a recorded log, from a browser on the same machine. */
export { attachInspector, inspectLogFile } from './inspector.ts'
export type { AttachOptions, Inspector, InspectorOptions, LogFileOptions } from './inspector.ts'
export type { StatelyStats } from './stately/feed-counts.ts'
export type { StatelyOptions } from './stately/stately-options.ts'
export type { StatelyInspection } from './stately/stately-routes.ts'
export type { WatchedService } from './view/live-source.ts'
