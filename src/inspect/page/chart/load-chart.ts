const charts = new Map<string, Promise<SVGSVGElement>>()

/**
 * The drawing of a statechart, a copy of one's own. It is read as a document: no text becomes markup in this page, which
 * its security policy forbids.
 */
export async function loadChart(machine: string): Promise<SVGSVGElement> {
  let chart = charts.get(machine)
  if (chart === undefined) {
    chart = requestSvg(`/${machine}.svg`)
    charts.set(machine, chart)
    chart.catch(() => charts.delete(machine))
  }
  // A deep copy of an element is an element of the same kind.
  return document.importNode(await chart, true)
}

function requestSvg(path: string): Promise<SVGSVGElement> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.responseType = 'document'
    request.open('GET', path)
    request.onload = () => {
      const root = request.responseXML?.documentElement
      if (request.status === 200 && root instanceof SVGSVGElement) resolve(root)
      else reject(new Error(`${path} could not be read`))
    }
    request.onerror = () => reject(new Error(`${path} could not be read`))
    request.send()
  })
}
