/** How many files and sockets a process of ours may have open. */
export function openFileLimit(): number {
  // Node's report is untyped; on systems without such limits it has none.
  const { userLimits } = process.report.getReport() as { userLimits?: { open_files?: { hard?: number | string } } }
  const limit = Number(userLimits?.open_files?.hard)
  return Number.isNaN(limit) ? Infinity : limit
}
